import type { QueryProblem } from '../../src/protocol/telemetry.ts';
import { element, icon, iconButton, listen, setText } from '../shared/dom.ts';
import { completionsAt, problemSpan, problemText, type Completion } from './model/filter-text.ts';

/** What the filter bar asks for. */
export interface FilterBarActions {
  /** The text was accepted: by Enter, or by a pause in typing. */
  setQuery(query: string): void;
  services(): readonly string[];
  /** Arrow down with no completions: on to the rows. */
  leave(): void;
}

/** The input for LogQL or plain text; a problem is underlined and stands below it. */
export interface FilterBar {
  readonly root: HTMLElement;
  update(query: string, problem: QueryProblem | undefined): void;
  focus(): void;
}

/** A search begins when nothing was typed for so long. */
const TYPING_PAUSE_MS = 350;

/** Builds the filter bar. */
export function createFilterBar(actions: FilterBarActions): FilterBar {
  const marks = element('div', { class: 'filter-marks', 'aria-hidden': 'true' });
  const input = element('input', {
    type: 'text',
    class: 'filter-input',
    role: 'combobox',
    'aria-label': 'Filter: text, or LogQL such as {service_name="gateway"} |= "timeout"',
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    'aria-controls': 'filter-completions',
    'aria-describedby': 'filter-problem',
    'aria-keyshortcuts': '/',
    placeholder: 'Filter by text, or LogQL: {service_name="gateway"} |= `timeout`',
    title: 'Filter (/)',
    spellcheck: 'false',
    autocomplete: 'off',
  });
  const clear = iconButton('close', 'Clear Filter', { class: 'filter-clear' });
  const problemRow = element('div', { class: 'filter-problem', id: 'filter-problem', role: 'alert' });
  const list = element('div', { class: 'completions', id: 'filter-completions', role: 'listbox', 'aria-label': 'Suggestions', hidden: true });
  const field = element('div', { class: 'filter-field' }, icon('search'), element('div', { class: 'filter-text' }, marks, input), clear);
  const root = element('div', { class: 'filter-bar', role: 'search' }, field, list, problemRow);
  let accepted = '';
  let problem: QueryProblem | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let completions: readonly Completion[] = [];
  let chosen = -1;

  const accept = (): void => {
    clearTimeout(timer);
    if (input.value === accepted) return;
    accepted = input.value;
    actions.setQuery(accepted);
  };
  const close = (): void => {
    completions = [];
    chosen = -1;
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const choose = (at: number): void => {
    chosen = at;
    [...list.children].forEach((item, index) => item.setAttribute('aria-selected', String(index === at)));
    input.setAttribute('aria-activedescendant', `completion-${String(at)}`);
  };
  const take = (completion: Completion): void => {
    input.value = completion.text;
    input.setSelectionRange(completion.caret, completion.caret);
    input.focus();
    onInput();
  };
  const showCompletions = (): void => {
    completions = completionsAt(input.value, input.selectionStart ?? input.value.length, actions.services());
    if (completions.length === 0) {
      close();
      return;
    }
    list.replaceChildren(
      ...completions.map((completion, at) => {
        const item = element('div', { class: 'completion', role: 'option', id: `completion-${String(at)}`, 'aria-selected': 'false' }, element('span', { class: 'completion-label' }, completion.label), element('span', { class: 'completion-detail' }, completion.detail));
        // Before the input loses the focus.
        listen(item, 'pointerdown', (event) => {
          event.preventDefault();
          take(completion);
        });
        return item;
      }),
    );
    list.hidden = false;
    chosen = -1;
    input.setAttribute('aria-expanded', 'true');
  };
  const renderMarks = (): void => {
    const span = problem && input.value === accepted ? problemSpan(input.value, problem) : undefined;
    if (span) marks.replaceChildren(input.value.slice(0, span.start), element('mark', {}, input.value.slice(span.start, span.end) || ' '), input.value.slice(span.end));
    else marks.replaceChildren();
    marks.scrollLeft = input.scrollLeft;
    clear.hidden = input.value === '';
    const shown = problem !== undefined && input.value === accepted;
    setText(problemRow, shown ? problemText(input.value, problem!) : '');
    problemRow.hidden = !shown;
    field.classList.toggle('is-wrong', shown);
    input.setAttribute('aria-invalid', String(shown));
  };
  const onInput = (): void => {
    clearTimeout(timer);
    timer = setTimeout(accept, TYPING_PAUSE_MS);
    renderMarks();
    showCompletions();
  };

  listen(input, 'input', onInput);
  listen(input, 'scroll', () => (marks.scrollLeft = input.scrollLeft));
  listen(input, 'blur', () => {
    close();
    accept();
  });
  listen(input, 'keydown', (event) => {
    const isOpen = completions.length > 0;
    if (event.key === 'ArrowDown' && isOpen) choose((chosen + 1) % completions.length);
    else if (event.key === 'ArrowUp' && isOpen) choose((chosen - 1 + completions.length) % completions.length);
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen >= 0) take(completions[chosen]!);
    else if (event.key === 'Enter') {
      close();
      accept();
    } else if (event.key === 'Escape' && isOpen) close();
    else if (event.key === 'Escape' && input.value !== '') {
      input.value = '';
      renderMarks();
      accept();
    } else if (event.key === 'ArrowDown') actions.leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  listen(clear, 'click', () => {
    input.value = '';
    renderMarks();
    accept();
    input.focus();
  });
  renderMarks();

  return {
    root,
    update(query, nextProblem) {
      // What is being typed is not overwritten.
      if (query !== accepted) {
        clearTimeout(timer);
        accepted = query;
        input.value = query;
      }
      problem = nextProblem;
      renderMarks();
    },
    focus() {
      input.focus();
      input.select();
    },
  };
}
