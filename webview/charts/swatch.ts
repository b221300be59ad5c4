import { cssColour, type Rgba } from '../shared/colour.ts';
import { element } from '../shared/dom.ts';

/** How the sample line is drawn; the quantiles differ in weight, a ramp goes from nothing to full. */
export type SwatchKind = 'solid' | 'dashed' | 'p50' | 'p95' | 'p99' | 'ramp';

/** A small sample of how a series is drawn; without a colour it takes the text's. */
export function swatch(colour: Rgba | undefined, kind: SwatchKind): HTMLElement {
  const mark = element('span', { class: `swatch ${kind}`, 'aria-hidden': 'true' });
  // A custom property set from script is no style attribute in the sense of the page's policy.
  if (colour) mark.style.setProperty('--series-colour', cssColour(colour));
  return mark;
}
