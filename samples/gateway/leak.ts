const retained: Buffer[] = [];
let bytesPerRequest = 0;

/** Turns the demo's leak on or off. Off also lets go of what it holds. */
export function setLeak(isOn: boolean): void {
  bytesPerRequest = isOn ? 64 << 10 : 0;
  if (!isOn) retained.length = 0;
}

/** Holds on to some memory for each request while the leak is on. */
export function leak(): void {
  if (bytesPerRequest > 0) retained.push(Buffer.alloc(bytesPerRequest, 'x'));
}
