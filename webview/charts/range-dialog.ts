import { element, listen, setText } from '../shared/dom.ts';

/** Asks for a fixed range in local time. Calls `done` with a valid range only; Escape leaves things as they are. */
export function openRangeDialog(anchor: HTMLElement, startMs: number, endMs: number, done: (startMs: number, endMs: number) => void): void {
  const from = element('input', { type: 'datetime-local', step: 1, id: 'range-from', required: true });
  const to = element('input', { type: 'datetime-local', step: 1, id: 'range-to', required: true });
  from.value = toLocal(startMs);
  to.value = toLocal(endMs);
  const problem = element('p', { class: 'field-problem', role: 'alert' });
  const cancel = element('button', { type: 'button', class: 'button secondary' }, 'Cancel');
  const form = element(
    'form',
    { method: 'dialog' },
    element('h2', {}, 'Custom Range'),
    element('label', { for: 'range-from' }, 'From'),
    from,
    element('label', { for: 'range-to' }, 'To'),
    to,
    problem,
    element('div', { class: 'dialog-buttons' }, element('button', { type: 'submit', class: 'button' }, 'Apply'), cancel),
  );
  const dialog = element('dialog', { class: 'dialog', 'aria-label': 'Custom Range' }, form);
  listen(cancel, 'click', () => dialog.close());
  listen(form, 'submit', (event) => {
    event.preventDefault();
    const [start, end] = [new Date(from.value).getTime(), new Date(to.value).getTime()];
    if (!(start < end)) {
      setText(problem, 'The end must be after the beginning.');
      to.focus();
      return;
    }
    dialog.close();
    done(start, end);
  });
  listen(dialog, 'click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    anchor.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** `2026-11-21T14:02:31` in local time, as the input wants it. */
function toLocal(atMs: number): string {
  const date = new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 19);
}
