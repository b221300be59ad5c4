import { toDisposable, type Disposable } from '../../src/base/disposable.ts';
import { COLOUR_VARIABLES } from './entity-colours.ts';
import { parseColour, withContrast, type Rgba } from './colour.ts';

/** What a canvas needs of the editor's theme, resolved to colours. */
export interface Theme {
  readonly kind: 'dark' | 'light' | 'high-contrast' | 'high-contrast-light';
  readonly background: Rgba;
  readonly foreground: Rgba;
  /** Axis labels; 4.5:1 on the background. */
  readonly muted: Rgba;
  /** Grid lines; faint. */
  readonly grid: Rgba;
  /** Zero lines and axes. */
  readonly axis: Rgba;
  readonly error: Rgba;
  readonly warning: Rgba;
  readonly selection: Rgba;
  /** Entities' colours in the order of {@link COLOUR_VARIABLES}; 3:1 on the background. */
  readonly series: readonly Rgba[];
  readonly fontFamily: string;
  readonly fontSizePx: number;
}

/** Reads the theme the editor has set on the page. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const body = document.body.classList;
  const kind = body.contains('vscode-high-contrast-light')
    ? 'high-contrast-light'
    : body.contains('vscode-high-contrast')
      ? 'high-contrast'
      : body.contains('vscode-light')
        ? 'light'
        : 'dark';
  const isLight = kind === 'light' || kind === 'high-contrast-light';
  const isHighContrast = kind === 'high-contrast' || kind === 'high-contrast-light';
  const colour = (fallback: string, ...names: string[]): Rgba => {
    for (const name of names) {
      const value = parseColour(style.getPropertyValue(name));
      if (value) return value;
    }
    return parseColour(fallback)!;
  };
  const background = colour(isLight ? '#ffffff' : '#1f1f1f', '--vscode-editor-background');
  const foreground = colour(isLight ? '#3b3b3b' : '#cccccc', '--vscode-foreground', '--vscode-editor-foreground');
  const fallbacks = ['#3794ff', '#d18616', '#b180d7', '#89d185', '#cca700', '#f14c4c'];
  return {
    kind,
    background,
    foreground,
    muted: isHighContrast ? foreground : withContrast(colour('#888888', '--vscode-descriptionForeground', '--vscode-foreground'), background, 4.5),
    grid: { ...foreground, a: isHighContrast ? 0.35 : 0.1 },
    axis: { ...foreground, a: isHighContrast ? 0.9 : 0.35 },
    error: withContrast(colour('#f14c4c', '--vscode-editorError-foreground', '--vscode-errorForeground'), background, 3),
    warning: withContrast(colour('#cca700', '--vscode-editorWarning-foreground'), background, 3),
    selection: colour('#3794ff', '--vscode-focusBorder', '--vscode-contrastActiveBorder'),
    series: COLOUR_VARIABLES.map((name, i) => withContrast(colour(fallbacks[i]!, name), background, 3)),
    fontFamily: style.getPropertyValue('--vscode-font-family') || 'system-ui, sans-serif',
    fontSizePx: 11,
  };
}

/** Calls `listener` after the editor changed the theme (it rewrites the body's classes and the root's variables). */
export function onThemeChange(listener: () => void): Disposable {
  let isQueued = false;
  const observer = new MutationObserver(() => {
    if (isQueued) return;
    isQueued = true;
    // Both attributes change in one task; one repaint serves both.
    queueMicrotask(() => {
      isQueued = false;
      listener();
    });
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  return toDisposable(() => observer.disconnect());
}
