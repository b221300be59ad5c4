import { parseAttributeCondition, type AttributeConditionText } from '../../src/protocol/attribute-condition.ts';
import { element, listen, setText } from '../shared/dom.ts';

/** Asks for a condition on an attribute. Calls `done` with a valid one only; Escape leaves things as they are. */
export function openConditionDialog(anchor: HTMLElement, done: (condition: AttributeConditionText) => void): void {
  const input = element('input', { type: 'text', id: 'condition', required: true, placeholder: 'http.status_code>=500', spellcheck: 'false', autocomplete: 'off' });
  const problem = element('p', { class: 'field-problem', role: 'alert' });
  const cancel = element('button', { type: 'button', class: 'button secondary' }, 'Cancel');
  const form = element(
    'form',
    { method: 'dialog' },
    element('h2', {}, 'Attribute'),
    element('label', { for: 'condition' }, 'Condition: key=value, !=, =~, !~, <, >, key (exists), !key (missing)'),
    input,
    problem,
    element('div', { class: 'dialog-buttons' }, element('button', { type: 'submit', class: 'button' }, 'Add'), cancel),
  );
  const dialog = element('dialog', { class: 'dialog', 'aria-label': 'Attribute' }, form);
  listen(cancel, 'click', () => dialog.close());
  listen(form, 'submit', (event) => {
    event.preventDefault();
    const condition = parseAttributeCondition(input.value);
    if (!condition.ok) {
      setText(problem, condition.error);
      input.focus();
      return;
    }
    dialog.close();
    done(condition.value);
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    anchor.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}
