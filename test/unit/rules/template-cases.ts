import type { GoValue } from '../../../src/rules/template/go-value.ts';

const slice = (typeName: string, items: readonly GoValue[]): GoValue => ({ kind: 'slice', typeName, items });

/** Templates with what they give, or with the error's text. `now` is 2012-11-24T11:14:12Z. */
export const TEMPLATE_CASES: readonly { readonly text: string; readonly data?: GoValue; readonly output?: string; readonly error?: string }[] = [
  { text: 'no action', output: 'no action' },
  { text: 'a  {{- 1 -}}  b', output: 'a1b' },
  { text: 'a{{/* said */}}b', output: 'ab' },
  { text: '{{ 7 }} {{ 2.5 }} {{ 0x1f }} {{ `raw` }} {{ true }}', output: '7 2.5 31 raw true' },
  { text: '{{ 12345678.0 }} {{ 0.00001 }}', output: '1.2345678e+07 1e-05' },
  { text: '{{ if eq 1 2 3 1 }}yes{{ else }}no{{ end }}', output: 'yes' },
  { text: '{{ if false }}a{{ else if true }}b{{ else }}c{{ end }}', output: 'b' },
  { text: '{{ with $x := "v" }}{{ $x }}{{ . }}{{ end }}', output: 'vv' },
  { text: '{{ range $i, $v := . }}{{ $i }}={{ $v }};{{ else }}none{{ end }}', data: slice('[]string', ['a', 'b']), output: '0=a;1=b;' },
  { text: '{{ range . }}{{ . }}{{ else }}none{{ end }}', data: slice('[]string', []), output: 'none' },
  { text: '{{ range . }}{{ if eq . "b" }}{{ break }}{{ end }}{{ . }}{{ end }}', data: slice('[]string', ['a', 'b', 'c']), output: 'a' },
  { text: '{{ $n := 1 }}{{ if true }}{{ $n = 2 }}{{ end }}{{ $n }}', output: '2' },
  { text: '{{ define "t" }}<{{ . }}>{{ end }}{{ template "t" "x" }}', output: '<x>' },
  { text: '{{ and 1 0 2 }} {{ or 0 "" "z" }} {{ not 0 }}', output: '0 z true' },
  { text: '{{ printf "%05.1f|%-4d|%q|%x|%v" 3.14159 7 "a\\"b" "hi" true }}', output: '003.1|7   |"a\\"b"|6869|true' },
  { text: '{{ len "héé" }} {{ index . 1 }} {{ slice "abcdef" 1 3 }}', data: slice('[]string', ['p', 'q']), output: '5 q bc' },
  { text: '{{ humanize 1234567.0 }} {{ humanize 0.012 }} {{ humanize1024 1048576.0 }}', output: '1.235M 12m 1Mi' },
  { text: '{{ humanizeDuration 899.99 }} {{ humanizeDuration 0.0123 }} {{ humanizeDuration 100000 }}', output: '14m 59s 12.3ms 1d 3h 46m 40s' },
  { text: '{{ 0.1234567 | humanizePercentage }} {{ 1435065584.128 | humanizeTimestamp }}', output: '12.35% 2015-06-23 13:19:44.128 +0000 UTC' },
  { text: '{{ "one two" | title }} {{ toUpper "a" }} {{ match "^a.c$" "abc" }} {{ reReplaceAll "(.)b" "${1}-" "ab cb" }}', output: 'One Two A true a- c-' },
  { text: '{{ "web-1.example.com:80" | stripPort }} {{ "web-1.example.com:80" | stripDomain }} {{ "10.0.0.1:80" | stripDomain }}', output: 'web-1.example.com web-1:80 10.0.0.1:80' },
  { text: '{{ (now | toTime).Format "Mon 02 Jan 2006 15:04" }} {{ (90 | toDuration).String }} {{ parseDuration "1h30m" }}', output: 'Sat 24 Nov 2012 11:14 1m30s 5400' },
  { text: '{{ graphLink "a + b" }}', output: '/graph?g0.expr=a+%2B+b&g0.tab=0' },
  { text: '{{ args 1 "b" }}', output: 'map[arg0:1 arg1:b]' },
  { text: '{{ .Missing }}', output: '<no value>' },
  { text: '{{', error: 'template: test:1: unclosed action' },
  { text: '\n{{ if true }}', error: 'template: test:2: unexpected EOF' },
  { text: '{{ $none }}', error: 'template: test:1: undefined variable "$none"' },
  { text: '{{ nothing 1 }}', error: 'template: test:1: function "nothing" not defined' },
  { text: '{{ end }}', error: 'template: test:1: unexpected {{end}}' },
  { text: 'ab {{ toUpper 1 }}', error: 'template: test:1:14: executing "test" at <1>: wrong type for value; expected string; got int' },
  { text: '{{ index . 9 }}', data: slice('[]string', []), error: 'template: test:1:3: executing "test" at <index . 9>: error calling index: index out of range: 9' },
];
