import type * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/event.ts';
import { isColourSlots, type ColourSlots } from '../protocol/charts.ts';

const KEY = 'colourSlots';

/** Which entity has which chart colour, the same in all panels and windows of this user. */
export class ColourStore implements Disposable {
  readonly #memento: vscode.Memento;
  readonly #changed = new Emitter<ColourSlots>();

  readonly onChange: Event<ColourSlots> = this.#changed.event;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  get slots(): ColourSlots {
    const value: unknown = this.#memento.get(KEY);
    return isColourSlots(value) ? value : {};
  }

  /** Adds colours of new entities; who has one keeps it. */
  add(slots: ColourSlots): void {
    const known = this.slots;
    if (Object.keys(slots).every((name) => Object.hasOwn(known, name))) return;
    const merged = { ...slots, ...known };
    void this.#memento.update(KEY, merged);
    this.#changed.fire(merged);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
