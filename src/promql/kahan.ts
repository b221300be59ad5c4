/**
 * A running sum with Neumaier's compensation (prometheus/util/kahansum). One instance serves a whole loop,
 * so that nothing is allocated per sample.
 */
export class KahanSum {
  sum = 0;
  compensation = 0;

  reset(sum = 0): void {
    this.sum = sum;
    this.compensation = 0;
  }

  add(increment: number): void {
    const { sum } = this;
    const total = sum + increment;
    if (total > Number.MAX_VALUE || total < -Number.MAX_VALUE) this.compensation = 0;
    else if (Math.abs(sum) >= Math.abs(increment)) this.compensation += sum - total + increment;
    else this.compensation += increment - total + sum;
    this.sum = total;
  }

  get value(): number {
    return this.sum + this.compensation;
  }
}

/** Whether a number is one of the infinities. */
export function isInfinite(value: number): boolean {
  return value > Number.MAX_VALUE || value < -Number.MAX_VALUE;
}
