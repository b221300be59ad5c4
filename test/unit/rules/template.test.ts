import assert from 'node:assert/strict';
import fc from 'fast-check';
import { executeTemplate } from '../../../src/rules/template/evaluate-template.ts';
import { expandTemplate, templateFunctions } from '../../../src/rules/template/expand-template.ts';
import { goStringMap, type GoValue } from '../../../src/rules/template/go-value.ts';
import { parseTemplate } from '../../../src/rules/template/parse-template.ts';
import { TEMPLATE_CASES } from './template-cases.ts';

const functions = templateFunctions(1_353_755_652_000, 'http://test:9090/path', () => []);

function run(text: string, data: GoValue): { readonly output?: string; readonly error?: string } {
  const parsed = parseTemplate('test', text, (name) => Object.hasOwn(functions, name));
  if (!parsed.ok) return { error: parsed.error.message };
  const result = executeTemplate(parsed.value, data, { functions, missingKey: 'zero' });
  return result.ok ? { output: result.value } : { error: result.error };
}

suite('rules: templates', () => {
  for (const { text, data, ...expected } of TEMPLATE_CASES) {
    test(JSON.stringify(text), () => assert.deepEqual(run(text, data), expected));
  }

  test('answers queries in the middle of a template', async () => {
    const asked: string[] = [];
    const result = await expandTemplate('t', '{{ with query "a" | sortByLabel "i" }}{{ range . }}{{ .Labels.i }}={{ .Value }} {{ end }}{{ end }}{{ query "b" | first | value }}', undefined, {
      timeMs: 0, externalUrl: '',
      query: (expr) => {
        asked.push(expr);
        return Promise.resolve(expr === 'a' ? [{ labels: ['i', '2'], value: 20 }, { labels: ['i', '1'], value: 10 }] : [{ labels: [], value: 3 }]);
      },
    });
    assert.deepEqual([result, asked], [{ ok: true, value: '1=10 2=20 3' }, ['a', 'b']]);
  });

  test('reads a label that is not there as empty', () => assert.deepEqual(run('[{{ .nope }}]', goStringMap({})), { output: '[]' }));

  test('never throws, whatever is written', () => {
    const part = fc.constantFrom('{{', '}}', '{{-', '-}}', ' ', '.', '$', '$x', ':=', '|', '(', ')', 'if', 'else', 'end', 'range', 'with', 'define "a"', 'template "a"', '.a', '1', '"s"', 'len', 'printf', '"%d"', 'break', ',', '\n', 'é', '`', "'");
    fc.assert(fc.property(fc.array(part, { maxLength: 25 }), (parts) => void run(parts.join(''), goStringMap({ a: 'b' }))), { numRuns: 3000 });
  });
});
