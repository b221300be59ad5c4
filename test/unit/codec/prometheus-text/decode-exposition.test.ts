import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeExposition } from '../../../../src/codec/prometheus-text/decode-exposition.ts';
import { expositionFormatOf } from '../../../../src/codec/prometheus-text/exposition-format.ts';
import type { ExpositionFormat } from '../../../../src/codec/prometheus-text/exposition-sink.ts';
import { parseExposition } from '../../../../src/codec/prometheus-text/parse-exposition.ts';
import { labelsToRecord, type Labels } from '../../../../src/model/labels.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

/** `name{label="value"} value @ms`, one line a sample; the rest as plain data. */
function decode(text: string | Uint8Array, format: ExpositionFormat): { samples: string[]; problem: string; line: number } {
  const { value, problems } = decodeExposition(typeof text === 'string' ? bytes(text) : text, { format, timestampMs: 7 });
  const samples = value.series.flatMap((labels, i) => {
    const lines: string[] = [];
    for (let j = value.offsets[i]!; j < value.offsets[i + 1]!; j++) lines.push(`${show(labels)} ${value.values[j]!} @${value.timestampsMs[j]!}`);
    return lines;
  });
  return { samples, problem: problems[0]?.message ?? '', line: problems[0]?.line ?? 0 };
}

function show(labels: Labels): string {
  const { __name__: name = '', ...others } = labelsToRecord(labels);
  const pairs = Object.entries(others).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return pairs.length > 0 ? `${name}{${pairs.join(',')}}` : name;
}

suite('decodeExposition: text format 0.0.4', () => {
  const GOOD: readonly (readonly [what: string, text: string, ...samples: string[]])[] = [
    ['nothing at all', ''],
    ['blank lines and comments', '\n\n# just words\n#\n#x\n   # HELP\n'],
    ['a sample', 'up 1\n', 'up 1 @7'],
    ['no line break at the end', 'up 1', 'up 1 @7'],
    ['a timestamp', 'up 1 1500\n', 'up 1 @1500'],
    ['labels, sorted by name', 'm{z="1",a="2"} 3\n', 'm{a="2",z="1"} 3 @7'],
    ['blanks wherever they may be', '  m { b = "x" , a\t=\t"y" ,\t} 3.5 9\n', 'm{a="y",b="x"} 3.5 @9'],
    ['no blank before the value', 'm{a="1"}-Inf\n', 'm{a="1"} -Infinity @7'],
    ['empty braces', 'm{} 1\n', 'm 1 @7'],
    ['escapes', 'm{a="q\\"b\\\\n\\nt\\t"} 1\n', 'm{a="q\\"b\\\\n\\nt\\\\t"} 1 @7'],
    ['a line break inside a value', 'm{a="x\ny"} 1\n', 'm{a="x\\ny"} 1 @7'],
    ['an empty label value', 'm{a=""} 1\n', 'm 1 @7'],
    ['text in UTF-8', 'm{a="Björn 佖"} 1\n', 'm{a="Björn 佖"} 1 @7'],
    ['quoted names', '{"my.metric","a.b"="c",d="e"} 1\n', 'my.metric{a.b="c",d="e"} 1 @7'],
    ['a quoted name that is not first', '{d="e","my.metric"} 1\n', 'my.metric{d="e"} 1 @7'],
    ['braces and hashes in values', 'm{a="}{ # "} 1\n', 'm{a="}{ # "} 1 @7'],
    ['floats of all kinds', 'a 1e3\nb +Inf\nc NaN\nd .5\ne 08\nf 123456789012345678\ng -0\n', 'a 1000 @7', 'b Infinity @7', 'c NaN @7', 'd 0.5 @7', 'e 8 @7', 'f 123456789012345680 @7', 'g 0 @7'],
    ['bounds in one spelling', '# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="1e6"} 1\nh_bucket{le="+Inf"} 1\n', 'h_bucket{le="1.0"} 1 @7', 'h_bucket{le="1e+06"} 1 @7', 'h_bucket{le="+Inf"} 1 @7'],
    ['quantiles in one spelling', '# TYPE s summary\ns{quantile="1"} 2\n', 's{quantile="1.0"} 2 @7'],
    ['a null byte in a value', 'm{a="x\0y"} 1\n', 'm{a="x\\u0000y"} 1 @7'],
  ];
  for (const [what, text, ...samples] of GOOD) {
    test(what, () => assert.deepEqual(decode(text, 'prometheus'), { samples, problem: '', line: 0 }));
  }

  const BAD: readonly (readonly [text: string, line: number, problem: string])[] = [
    ['ok 1\nb', 2, 'expected value after metric, got "\\n" ("INVALID") while parsing: "b\\n"'],
    ['m{x=\'c\'} 1\n', 1, 'expected label value, got "\'" ("INVALID") while parsing: "m{x=\'"'],
    ['{x="y"} 1\n', 1, 'metric name not set while parsing: "{x=\\"y\\"} 1"'],
    ['{x} 1\n', 1, 'expected equal, got "} " ("BCLOSE") while parsing: "{x} "'],
    ['{"a","b"} 1\n', 1, 'metric name already set while parsing: "{\\"a\\",\\"b\\"}"'],
    ['\n\nm 1_000\n', 3, 'unsupported character in float while parsing: "m 1_000"'],
    ['m one\n', 1, 'strconv.ParseFloat: parsing "one": invalid syntax while parsing: "m one"'],
    ['m 1 -5\n', 1, 'expected timestamp or new record, got "-" ("INVALID") while parsing: "m 1 -"'],
    ['m 1 99999999999999999999\n', 1, 'strconv.ParseInt: parsing "99999999999999999999": value out of range while parsing: "m 1 99999999999999999999"'],
    ['m{a="1",a="2"} 1\n', 1, 'label name "a" is not unique: invalid sample'],
    ['m{__name__="x"} 1\n', 1, 'label name "__name__" is not unique: invalid sample'],
    ['# TYPE m meter\n', 1, 'invalid metric type "meter"'],
    ['# HELP 1m x\n', 1, 'expected metric name after HELP, got "1" ("INVALID") while parsing: "# HELP 1"'],
  ];
  for (const [text, line, problem] of BAD) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      const result = decode(text, 'prometheus');
      assert.deepEqual([result.problem, result.line], [problem, line]);
    });
  }

  test('refuses a label value that is not UTF-8', () => {
    assert.equal(decode(Buffer.from('m{a="\xff"} 1\n', 'latin1'), 'prometheus').problem, 'invalid UTF-8 label value: "\\"\\xff\\""');
  });

  test('hands over what came before an error', () => {
    assert.deepEqual(decode('a 1\nb 2\n!\n', 'prometheus').samples, ['a 1 @7', 'b 2 @7']);
  });
});

suite('decodeExposition: OpenMetrics', () => {
  const GOOD: readonly (readonly [what: string, text: string, ...samples: string[]])[] = [
    ['nothing but the end', '# EOF\n'],
    ['no line break after the end', 'a 1\n# EOF', 'a 1 @7'],
    ['seconds as timestamps', 'a 1 1.5\nb 2 -3\n# EOF\n', 'a 1 @1500', 'b 2 @-3000'],
    ['created series are series', '# TYPE a counter\na_total 1\na_created 5\n# EOF\n', 'a_total 1 @7', 'a_created 5 @7'],
  ];
  for (const [what, text, ...samples] of GOOD) {
    test(what, () => assert.deepEqual(decode(text, 'openmetrics'), { samples, problem: '', line: 0 }));
  }

  const BAD: readonly (readonly [text: string, line: number, problem: string])[] = [
    ['a 1\n', 2, 'data does not end with # EOF'],
    ['# EOF\na 1\n', 2, 'unexpected data after # EOF'],
    ['a 1\n\n# EOF\n', 2, 'expected a valid start token, got "\\n" ("INVALID") while parsing: "\\n"'],
    ['a  1\n# EOF\n', 1, 'expected value after metric, got "  " ("INVALID") while parsing: "a  "'],
    ['a 1 NaN\n# EOF\n', 1, 'invalid timestamp NaN'],
    ['# TYPE a untyped\n# EOF\n', 1, 'invalid metric type "untyped"'],
    ['# UNIT a_seconds bytes\n# EOF\n', 1, 'unit "bytes" not a suffix of metric "a_seconds"'],
    ['a{b="c"d="e"} 1\n# EOF\n', 1, 'expected comma or brace close, got "d=" ("LNAME") while parsing: "a{b=\\"c\\"d="'],
    ['a 1 # {x="y"} 2 Inf\n# EOF\n', 1, 'invalid exemplar timestamp +Inf'],
  ];
  for (const [text, line, problem] of BAD) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      const result = decode(text, 'openmetrics');
      assert.deepEqual([result.problem, result.line], [problem, line]);
    });
  }

  test('exemplars and metadata', () => {
    const text = '# TYPE a_seconds histogram\n# UNIT a_seconds seconds\n# HELP a_seconds he\\"l\\np\na_seconds_bucket{le="1"} 3 # {trace_id="abc"} 0.5 1.25\na_seconds_count 3 2 # {} 1\n# EOF\n';
    const { value, problems } = decodeExposition(bytes(text), { format: 'openmetrics', timestampMs: 7 });
    assert.deepEqual(problems, []);
    assert.deepEqual(value.metadata, [{ family: 'a_seconds', type: 'histogram', help: 'he"l\np', unit: 'seconds' }]);
    assert.deepEqual(value.exemplars, [
      { seriesIndex: 0, exemplar: { labels: ['trace_id', 'abc'], value: 0.5, timestampMs: 1250 } },
      { seriesIndex: 1, exemplar: { labels: [], value: 1, timestampMs: 7 } },
    ]);
  });
});

suite('decodeExposition: the rest', () => {
  test('a transform changes or drops series, once for each text', () => {
    let calls = 0;
    const { value } = decodeExposition(bytes('a 1\nb 2\na 3\n'), {
      format: 'prometheus',
      timestampMs: 7,
      transform: (labels) => {
        calls++;
        return labels[1] === 'b' ? undefined : [...labels, 'job', 'x'];
      },
    });
    assert.deepEqual([calls, value.series], [2, [['__name__', 'a', 'job', 'x'], ['__name__', 'a', 'job', 'x']]]);
    assert.equal(value.series[0], value.series[1]);
  });

  test('the quick way for known series reads what the exact way reads', () => {
    const name = fc.constantFrom('m', 'm:x', 'a_b');
    const value = fc.oneof(fc.double().map(String), fc.integer().map(String), fc.constantFrom('1.', '+1', '1e5', '1E-7', '0.30', '123456789012345678', 'Inf', '1e30', '007'));
    const labels = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('', 'x', '}', '\\"', '\\\\', ' # ', '{', 'ü', ',')), { maxLength: 2 });
    const line = fc.tuple(name, labels, value, fc.constantFrom('', ' 5', ' 1700000000000', '  3', ' 1.5', ' x')).map(([n, pairs, v, end]) => {
      const unique = [...new Map(pairs)].map(([key, text]) => `${key}="${text}"`);
      return `${n}${unique.length > 0 ? `{${unique.join(',')}}` : ''} ${v}${end}`;
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.constantFrom('prometheus' as const, 'openmetrics' as const), (lines, format) => {
        const body = bytes(`${lines.join('\n')}\n${format === 'openmetrics' ? '# EOF\n' : ''}`);
        const seriesByText = new Map<string, Labels>();
        const runs = [0, 1].map(() => {
          const seen: unknown[] = [];
          const error = parseExposition(body, format, {
            seriesByText,
            createSeries: (made) => made,
            sample: (series, read, timestampMs) => void seen.push([series, read, timestampMs]),
            exemplar: () => undefined,
            fact: () => undefined,
          });
          return { seen, error };
        });
        assert.deepEqual(runs[1], runs[0]);
      }),
      { numRuns: 1000 },
    );
  });

  test('any bytes give samples or an error, never an exception', () => {
    const piece = fc.constantFrom('a', 'm{', 'x="', '"', '}', ' 1', '\n', '# HELP a ', '# TYPE a counter', '# EOF', ' # {', '\\', '\0', 'é', ',', '=', '{"q"', '\t', '# ', '1e9', '\xff');
    const format = fc.constantFrom('prometheus' as const, 'openmetrics' as const);
    fc.assert(
      fc.property(fc.oneof(fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(pieces.join(''), 'latin1')), fc.uint8Array({ maxLength: 200 })), format, (body, kind) => {
        const { value, problems } = decodeExposition(body, { format: kind, timestampMs: 0 });
        assert.equal(value.offsets.length, value.series.length + 1);
        for (const { message, line } of problems) assert.ok(message !== '' && line > 0);
      }),
      { numRuns: 2000 },
    );
  });

  test('every cut of a good exposition ends in a value or an error', () => {
    const text = '# HELP a b\n# TYPE a counter\na_total{x="y\\"z"} 1.5 2 # {t="u"} 3 4\n{"q.r",s="t"} 5\n# EOF\n';
    for (let length = 0; length < text.length - 1; length++) {
      const { problems } = decodeExposition(bytes(text.slice(0, length)), { format: 'openmetrics', timestampMs: 0 });
      assert.equal(problems.length, 1, text.slice(0, length));
    }
  });

  const TYPES: readonly (readonly [contentType: string, fallback: string, result: string])[] = [
    ['text/plain; version=0.0.4', '', 'prometheus'],
    ['application/openmetrics-text;version=1.0.0', '', 'openmetrics'],
    ['TEXT/PLAIN', '', 'prometheus'],
    ['', 'text/plain;version=0.0.4', 'prometheus'],
    ['text/html', 'text/plain', 'prometheus'],
    ['', '', 'non-compliant scrape target sending blank Content-Type and no fallback_scrape_protocol specified for target'],
    ['text/html', '', 'received unsupported Content-Type "text/html" and no fallback_scrape_protocol specified for target'],
    ['application/vnd.google.protobuf', '', 'the protobuf exposition format is not supported yet'],
  ];
  for (const [contentType, fallback, expected] of TYPES) {
    test(`content type ${JSON.stringify(contentType)}, fallback ${JSON.stringify(fallback)}`, () => {
      const result = expositionFormatOf(contentType, fallback);
      assert.equal(result.ok ? result.value : result.error, expected);
    });
  }
});
