import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PendingRequests } from '../../../webview/shared/channel.ts';
import { contrastRatio, parseColour, withContrast } from '../../../webview/shared/colour.ts';
import { assignSlots, styleOfSlot } from '../../../webview/shared/entity-colours.ts';
import { formatBound, formatNumber, formatTicks, type Unit } from '../../../webview/shared/format-number.ts';
import { formatAge, formatDuration, formatMoment, timeTicks } from '../../../webview/shared/time-axis.ts';

/** Non-breaking spaces as plain ones, so that cases can be read. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');
const berlin = { locale: 'en-GB', timeZone: 'Europe/Berlin' };

suite('numbers', () => {
  const cases: readonly (readonly [number | null, Unit, string])[] = [
    [null, 'seconds', '–'],
    [NaN, 'seconds', '–'],
    [0, 'seconds', '0 ms'],
    [0, 'requestsPerSecond', '0 req/s'],
    [0.82, 'seconds', '820 ms'],
    [0.000_45, 'seconds', '450 µs'],
    [0.9996, 'seconds', '1.00 s'],
    [1.8444, 'seconds', '1.84 s'],
    [75, 'seconds', '1.25 min'],
    [12.345, 'requestsPerSecond', '12.3 req/s'],
    [12, 'requestsPerSecond', '12.0 req/s'],
    [7, 'count', '7'],
    [512, 'bytes', '512 B'],
    [999.7, 'requestsPerSecond', '1.00 k req/s'],
    [12_345, 'tokensPerSecond', '12.3 k tok/s'],
    [0.71, 'ratio', '71.0 %'],
    [0.7123, 'ratio', '71.2 %'],
    [1, 'ratio', '100 %'],
    [0.99964, 'ratio', '99.96 %'],
    [0.999_999, 'ratio', '99.99 %'],
    [1024 ** 2 * 1.5, 'bytes', '1.50 MiB'],
    [4.2, 'dollarsPerHour', '4.20 $/h'],
  ];
  test('three significant digits and the unit', () => {
    assert.deepEqual(cases.map(([value, unit]) => plain(formatNumber(value, unit, 'en'))), cases.map(([, , text]) => text)); // prettier-ignore
  });

  test('the locale decides the separators', () => {
    assert.equal(plain(formatNumber(1.8444, 'seconds', 'de')), '1,84 s');
  });

  test('ticks of an axis share one unit', () => {
    assert.deepEqual(formatTicks([0, 0.5, 1, 1.5], 'seconds', 'en').map(plain), ['0', '0.5 s', '1.0 s', '1.5 s']);
    assert.deepEqual(formatTicks([0, 5_000, 10_000], 'tokensPerSecond', 'en').map(plain), ['0', '5 k tok/s', '10 k tok/s']);
    assert.deepEqual(formatTicks([0, 0.5, 1], 'ratio', 'en').map(plain), ['0', '50 %', '100 %']);
  });

  test('borders of buckets have no idle zeros', () => {
    assert.deepEqual([0.005, 0.25, 1, 2.5, 90, Infinity].map((bound) => plain(formatBound(bound, 'seconds', 'en'))), ['5 ms', '250 ms', '1 s', '2.5 s', '1.5 min', '∞']); // prettier-ignore
  });

  test('what failed once never reads 100 %', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (ratio) => ratio === 1 || formatNumber(ratio, 'ratio', 'en') !== '100\u00a0%'));
  });
});

suite('the time axis', () => {
  const at = Date.UTC(2026, 10, 21, 13, 2, 31);

  test('ticks stand at round local times', () => {
    assert.deepEqual(timeTicks(at, at + 15 * 60_000, 4, berlin).map(({ label }) => label), ['14:05', '14:10', '14:15']); // prettier-ignore
    assert.deepEqual(timeTicks(at, at + 60_000, 4, berlin).map(({ label }) => label), ['14:02:45', '14:03:00', '14:03:15']); // prettier-ignore
    assert.deepEqual(timeTicks(at, at + 24 * 3_600_000, 4, berlin).map(({ label }) => label), ['18:00', '22 Nov', '06:00', '12:00']); // prettier-ignore
  });

  test('half-hour zones count from their own midnight', () => {
    const ticks = timeTicks(at, at + 6 * 3_600_000, 6, { locale: 'en-GB', timeZone: 'Asia/Kolkata' });
    assert.deepEqual(ticks.map(({ label }) => label), ['19:00', '20:00', '21:00', '22:00', '23:00', '22 Nov']); // prettier-ignore
  });

  test('never more ticks than there is room, always inside and rising', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 1e11 }), fc.integer({ min: 1, max: 20 }), (span, count) => {
        const ticks = timeTicks(at, at + span, count, berlin);
        return ticks.length <= count + 1 && ticks.every((tick, i) => tick.atMs >= at && tick.atMs <= at + span && (i === 0 || tick.atMs > ticks[i - 1]!.atMs));
      }),
    );
  });

  test('durations, ages and moments', () => {
    assert.deepEqual([900_000, 5_400_000, 86_400_000, 400].map(formatDuration).map(plain), ['15 min', '1 h 30 min', '1 d', '0 s']);
    assert.deepEqual([0, 2_400, 185_000, 7_200_000].map(formatAge).map(plain), ['now', '2 s ago', '3 min ago', '2 h ago']);
    assert.equal(formatMoment(at, at, berlin), '14:02:31');
    assert.equal(formatMoment(at - 86_400_000, at, berlin), '20 Nov, 14:02:31');
  });
});

suite('colours', () => {
  const colours = ['#fff', '#1f1f1f', '#59a4f980', 'rgb(1, 2, 3)', 'rgba(234, 92, 0, 0.33)', 'rgb(1 2 3 / 50%)', 'red', '', '#12345'];
  test('what a theme can hold is read', () => {
    assert.deepEqual(colours.map((text) => parseColour(text)), [
      { r: 255, g: 255, b: 255, a: 1 },
      { r: 31, g: 31, b: 31, a: 1 },
      { r: 89, g: 164, b: 249, a: 128 / 255 },
      { r: 1, g: 2, b: 3, a: 1 },
      { r: 234, g: 92, b: 0, a: 0.33 },
      { r: 1, g: 2, b: 3, a: 0.5 },
      undefined, undefined, undefined,
    ]); // prettier-ignore
  });

  test('a line has 3:1 on any background', () => {
    const channel = fc.integer({ min: 0, max: 255 });
    const colour = fc.record({ r: channel, g: channel, b: channel, a: fc.constant(1) });
    fc.assert(fc.property(colour, colour, (line, background) => contrastRatio(withContrast(line, background, 3), background) >= 2.99));
  });

  test('an entity keeps its slot whoever else appears', () => {
    const first = assignSlots({}, ['openai', 'groq']);
    const second = assignSlots(first, ['bedrock', 'anthropic', 'groq', 'openai']);
    assert.deepEqual([second['openai'], second['groq']], [first['openai'], first['groq']]);
    assert.equal(assignSlots(second, ['groq']), second);
  });

  test('no two entities look alike until all colours and dashes are used', () => {
    const names = Array.from({ length: 24 }, (_, i) => `provider-${String(i)}`);
    const slots = assignSlots({}, names);
    const looks = new Set(Object.values(slots).map((slot) => JSON.stringify(styleOfSlot(slot))));
    assert.equal(looks.size, 24);
    // The first six are all plain; the first four are the colours far apart.
    const four = Object.values(assignSlots({}, names.slice(0, 4)));
    assert.deepEqual([...four].sort(), [0, 1, 2, 3]);
  });
});

suite('requests to the host', () => {
  test('answers find who asked, whatever the order', async () => {
    const pending = new PendingRequests<string>();
    const never = new AbortController().signal;
    const ids: number[] = [];
    const asked = ['a', 'b'].map(() => pending.start((id) => ids.push(id), never, () => assert.fail('not cancelled')));
    pending.settle(ids[1]!, 'second');
    pending.settle(ids[0]!, 'first');
    pending.settle(99, 'nobody');
    assert.deepEqual(await Promise.all(asked), ['first', 'second']);
  });

  test('an abort tells the host and drops the late answer', async () => {
    const pending = new PendingRequests<string>();
    const abort = new AbortController();
    const cancelled: number[] = [];
    let id = 0;
    const asked = pending.start((next) => (id = next), abort.signal, (gone) => cancelled.push(gone)); // prettier-ignore
    abort.abort(new Error('superseded'));
    await assert.rejects(asked, /superseded/);
    pending.settle(id, 'late');
    assert.deepEqual(cancelled, [id]);
  });
});
