/** Requests that are sent to the collector and to a real Prometheus, which must answer the same: a path with its query, or what to post to it. */
export interface ApiRequestCase {
  readonly path: string;
  /** A form; without it the request is a GET. */
  readonly form?: string;
}

const encode = encodeURIComponent;
const get = (path: string): ApiRequestCase => ({ path });
const at = (times: readonly string[], make: (time: string) => string): ApiRequestCase[] => times.map((time) => get(make(encode(time))));

const TIMES = [
  '', '0', '60', '60.5', '60.0004', '60.0005', '60.0015', '-1', '-1.5', '1e2', '1E2', '+60', '0x3c', '6_0', '.5', '5.', 'Inf', '-Inf', 'NaN', 'inf', 'now', ' 60', '60 ',
  '1970-01-01T00:01:00Z', '1970-01-01T00:01:00.5Z', '1970-01-01T00:01:00.123456789Z', '1970-01-01T00:01:00,5Z', '1970-01-01T01:01:00+01:00', '1970-01-01T01:01:00-23:59',
  '1970-01-01t00:01:00z', '1970-01-01 00:01:00Z', '1970-01-01', '1970-01-01T00:01:00', '1970-13-01T00:00:00Z', '1970-02-30T00:00:00Z', '1972-02-29T00:00:00Z',
  '1970-01-01T24:00:00Z', '1970-01-01T23:59:60Z', '1970-01-01T0:01:00Z', '1970-01-01T00:01:00+24:00', '1970-01-01T00:01:00+0100', '10000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '-001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z', '-292273086-05-16T16:47:06Z', '292277025-08-18T07:12:54.999999999Z', '9223372036854775', '9223372036', '99999999999', '-9223372036854', '1e300', '1e-300', '"',
];

const DURATIONS = [
  '', '0', '1', '60', '0.5', '0.0001', '0.001', '1e1', '-1', '-1m', '1m', '60s', '1h30m', '30m1h', '1.5m', '1m ', 'm', '5', '0s', '1ms', '100ms', '1d', '1w', '1y', '300y', '292y', '293y', 'Inf', '-Inf', 'NaN', '0x10', '1e300',
  '9223372036', '9223372037', '-9223372037', '99999999999999999999s', 'abc', '1_0', '"',
];

const LIMITS = ['', '0', '1', '2', '1000', '-1', '+1', '01', '1.0', 'a', '1e1', '0x1', '9223372036854775807', '9223372036854775808', '-9223372036854775809', ' 1', '1_0'];

const MATCHES = [
  '', 'up', 'foo', '{}', '{__name__="foo"}', '{job="a"}', '{job=~".*"}', '{job=~".+"}', '{job!="a"}', '{job!~".+"}', '{nope=""}', '{nope!=""}', 'foo{', 'foo[5m]', 'foo offset 5m', 'foo @ 5', 'sum(foo)', '1', '"foo"', '{"foo"}', '{"foo",job="a"}',
  '{"dotted.name"}', '{"with.dot"="x"}', '{"with.dot"=~"x|y"}', 'foo{job="a",job="b"}', 'foo{job=~"("}', 'foo{__name__="bar"}', '{__name__=~"foo|bar"}', '{__name__!="foo"}', 'foo,bar', ' foo ', '-foo', '(foo)', 'foo{job=a}', 'foo{instance="é"}',
  '{job="a"', '}', 'foo{job="a",}', 'foo{,}', 'foo # comment', 'sum', 'by', 'start', 'info', 'bool', 'inf', 'nan', 'foo{job="\\xff"}', '5m', 'on{}', 'offset{}',
];

const QUERIES = [
  '', ' ', 'foo', 'nope', 'sum(foo)', '1', '-1', '1/0', '0/0', '"text"', "'it''s'", '"é\\n<&>"', 'time()', 'vector(1)', 'scalar(foo)', 'foo[1m]', 'foo[1m:15s]', 'foo{job="a"}[1m] offset 1m', 'lat', 'lat[2m]', 'rate(foo[1m])', 'rate(lat[1m])', 'histogram_quantile(0.9, lat)',
  'foo offset -1m', 'foo @ 60', 'foo @ start()', 'foo @ end()', 'foo / bar', 'foo / on() bar', 'foo + ignoring(job) group_left bar', 'topk(1, foo)', 'topk(-1, foo)', 'topk(NaN, foo)', 'topk(1e300, foo)', 'quantile(2, foo)', 'count_values("v", foo)', 'count_values("a b", foo)', 'label_replace(foo, "x", "$1", "job", "(")',
  'label_replace(foo, "", "$1", "job", "(.*)")', 'label_replace(foo, "job", "", "job", ".*")', 'label_join(foo, "", ",", "job")', 'label_replace(foo, "a b", "x", "", "")', 'sum(foo', 'foo{', 'foo)', 'sum by (job) (foo)', 'sort(foo)', 'sort_desc(foo)', 'absent(nope{a="b"})', 'absent_over_time(nope[1m])',
  '{job="a"}', '{job=~".+"}', '{__name__=~".+"}', '{}', '{job=""}', '{"dotted.name"}', '{"dotted.name","with.dot"="x"}', 'sum by ("with.dot") ({"dotted.name"})', 'foo and', 'foo == bool', 'foo == bool 1', '1 == 1', 'foo[1m] + 1', 'rate(foo)', 'sum(foo[1m])', 'nosuch(foo)', 'round(foo, 0)', 'clamp(foo, 2, 1)',
  'mad_over_time(foo[1m])', 'sort_by_label(foo, "job")', 'limitk(1, foo)', 'info(foo)', 'double_exponential_smoothing(foo[1m], 0.5, 0.5)', 'holt_winters(foo[1m], 0.5, 0.5)', 'foo[1m+1m]', 'foo[5m] anchored', 'quantile_over_time(2, foo[1m])', 'predict_linear(foo[1m], 60)', 'rate(foo[0s])', 'foo[0]', 'foo[-1m]', 'foo[1m:0s]', 'foo[1m:-1s]',
  'foo # comment', '# only', 'foo\n+\nbar', 'foo\u0000', '\ufeff1', 'foo{job="a"} or foo{job="b"}', 'histogram_count(lat)', 'histogram_buckets(lat)', 'avg_over_time(foo[10000000000m])', 'foo offset 300y', 'foo[1y]', '1e400', '0x', '08', 'Inf', 'NaN', '+1', '1 + +1', '--1', '2^3^2', '-2^2', '1 > 2', 'foo > 1', 'foo > bool 1',
  'foo @ 1e300', 'foo @ NaN', 'foo @ Inf', 'foo @ 9223372036854775', 'foo offset 1', 'stddev_over_time(foo[1m])', 'timestamp(foo)', 'foo % 0', 'foo ^ 0.5', 'atan2(1, 2)', '1 atan2 2', 'month()', 'pi()', 'group(foo) by (job)', 'sum without (job) (foo)', 'max by (__name__) (foo)', 'max(foo) by', 'sum by (job, job) (foo)',
  'foo{job="a"} * on(job) group_right(instance) foo', 'foo * on(nope) group_left() foo', 'foo or vector(1)', 'rate(gauge_total[1m])', 'rate(gauge[1m])', 'increase(gauge[1m])', 'sum(rate(foo[1m]))', 'avg(lat)', 'avg(lat) + 1', 'lat + foo', 'lat > 1', 'min(lat)', 'sum({__name__=~"foo|lat"})',
];

/** Every parameter of the query API in all its spellings. */
export const API_REQUESTS: readonly ApiRequestCase[] = [
  ...QUERIES.flatMap((query) => [
    get(`/api/v1/query?time=120&query=${encode(query)}`),
    get(`/api/v1/query_range?start=0&end=300&step=60&query=${encode(query)}`),
    get(`/api/v1/parse_query?query=${encode(query)}`),
    get(`/api/v1/format_query?query=${encode(query)}`),
    get(`/api/v1/query_exemplars?query=${encode(query)}`),
  ]),
  ...at(TIMES, (time) => `/api/v1/query?query=foo&time=${time}`).slice(1),
  ...at(TIMES, (time) => `/api/v1/query?query=time()&time=${time}`).slice(1),
  ...at(TIMES, (time) => `/api/v1/query_range?query=foo&start=${time}&end=120&step=10000000`),
  ...at(TIMES, (time) => `/api/v1/query_range?query=foo&start=0&end=${time}&step=60`),
  ...at(TIMES, (time) => `/api/v1/series?match[]=foo&start=${time}`),
  ...at(TIMES, (time) => `/api/v1/series?match[]=foo&end=${time}`),
  ...at(TIMES, (time) => `/api/v1/labels?start=${time}`),
  ...at(TIMES, (time) => `/api/v1/label/job/values?end=${time}`),
  ...at(TIMES, (time) => `/api/v1/query_exemplars?query=foo&start=${time}`),
  ...at(TIMES, (time) => `/api/v1/query_exemplars?query=foo&end=${time}`),
  ...at(DURATIONS, (step) => `/api/v1/query_range?query=foo&start=0&end=60&step=${step}`),
  ...at(DURATIONS.filter((timeout) => !/^(?:-|0s?$|0\.0|NaN|1ms)/.test(timeout)), (timeout) => `/api/v1/query?query=foo&time=60&timeout=${timeout}`),
  ...at(DURATIONS, (lookback) => `/api/v1/query?query=foo&time=330&lookback_delta=${lookback}`),
  ...at(DURATIONS, (lookback) => `/api/v1/query_range?query=foo&start=0&end=900&step=60&lookback_delta=${lookback}`),
  ...LIMITS.flatMap((limit) => [
    `/api/v1/query?query=foo&time=60&limit=${encode(limit)}`, `/api/v1/query?query=foo[1m]&time=60&limit=${encode(limit)}`, `/api/v1/query?query=1&time=60&limit=${encode(limit)}`, `/api/v1/query_range?query=foo&start=0&end=60&step=60&limit=${encode(limit)}`,
    `/api/v1/series?match[]=foo&limit=${encode(limit)}`, `/api/v1/series?match[]=foo&match[]=bar&limit=${encode(limit)}`, `/api/v1/labels?limit=${encode(limit)}`, `/api/v1/label/job/values?limit=${encode(limit)}`, `/api/v1/label/job/values?match[]=foo&match[]=bar&limit=${encode(limit)}`,
    `/api/v1/metadata?limit=${encode(limit)}&metric=nope`, `/api/v1/metadata?limit_per_metric=${encode(limit)}&metric=nope`,
  ].map(get)),
  ...at(LIMITS.filter((limit) => !/^(?:-|[+]?0*\d*$)/.test(limit)), (limit) => `/api/v1/status/tsdb?limit=${limit}`),
  ...at(['0', '-1', 'a'], (limit) => `/api/v1/status/tsdb?limit=${limit}`),
  ...at(MATCHES, (match) => `/api/v1/series?match[]=${match}`),
  ...at(MATCHES, (match) => `/api/v1/series?match[]=foo&match[]=${match}`),
  ...at(MATCHES, (match) => `/api/v1/labels?match[]=${match}`),
  ...at(MATCHES, (match) => `/api/v1/label/job/values?match[]=${match}`),
  ...at(MATCHES, (match) => `/api/v1/label/__name__/values?match[]=bar&match[]=${match}`),
  ...['job', 'instance', '__name__', 'nope', 'with.dot', 'U__with_2e_dot', 'U__with_2E_dot', 'U__with.dot', 'U__job', 'U__', 'U__a__b', 'U___', 'U__with_2e', 'U__with_zz_dot', 'U__with_110000_dot', 'U__with_d800_dot', 'U__with_0000002e_dot', 'a b', 'é', 'a%2Fb', '1', '"job"', 'U__é', 'u__job'].map((name) =>
    get(`/api/v1/label/${name.includes('%') ? name : encode(name)}/values`)),
  ...['/api/v1/series', '/api/v1/series?match=foo', '/api/v1/series?match[]=', '/api/v1/series?match[]=foo&start=60&end=0', '/api/v1/labels?start=60&end=0', '/api/v1/label/job/values?start=60&end=0', '/api/v1/query_exemplars?query=foo&start=60&end=0', '/api/v1/query_exemplars', '/api/v1/query',
    '/api/v1/query_range', '/api/v1/query_range?query=foo', '/api/v1/query_range?query=foo&start=0', '/api/v1/query_range?query=foo&start=0&end=60', '/api/v1/query_range?query=foo&start=60&end=0&step=1', '/api/v1/query_range?query=foo&start=60&end=60&step=1', '/api/v1/query_range?query=foo&start=0&end=11000&step=1', '/api/v1/query_range?query=1&start=0&end=11000.5&step=1',
    '/api/v1/query_range?query=1&start=0&end=11000.999&step=1', '/api/v1/query_range?query=1&start=0&end=11001&step=1', '/api/v1/query_range?query=foo&start=0&end=1&step=0.0001', '/api/v1/query_range?query=foo&start=0&end=0.01&step=0.0005', '/api/v1/query_range?query=foo&start=0.0005&end=60&step=30', '/api/v1/query_range?query=foo&start=0&end=1e12&step=1y', '/api/v1/query_range?query=1&start=-1e9&end=1e9&step=1y',
    '/api/v1/query_range?query="a"&start=0&end=60&step=60', '/api/v1/query_range?query=foo[1m]&start=0&end=60&step=60', '/api/v1/query_range?start=0&end=60&step=60', '/api/v1/parse_query', '/api/v1/format_query', '/api/v1/query?query=1&query=2&time=1', '/api/v1/query?query=foo&time=1&time=x', '/api/v1/query?query=foo&time=x&limit=-1', '/api/v1/query?query=(&time=x',
    '/api/v1/query?query=foo&time=1&timeout=x&lookback_delta=x', '/api/v1/query?query=foo&time=1&lookback_delta=x', '/api/v1/query?query=(&time=1&lookback_delta=x', '/api/v1/query_range?query=(&start=0&end=1&step=x', '/api/v1/query_range?query=(&start=0&end=1e9&step=1&timeout=x', '/api/v1/query_range?query=foo&start=x&end=x&limit=x', '/api/v1/labels?limit=x&start=x', '/api/v1/labels?start=x&match[]=(',
    '/api/v1/label//values', '/api/v1/label/U__/values?limit=x', '/api/v1/series?limit=x', '/api/v1/query?query=foo&time=60&stats=', '/api/v1/query?query=1%2B1&time=0', '/api/v1/query?query=1+1&time=0', '/api/v1/query?time=0&query=%22%ff%22', '/api/v1/metadata?metric=nope',
    '/api/v1/query_range?query=time()&start=0.1&end=1&step=0.3', '/api/v1/query?query=time()&time=0.1', '/api/v1/query?query=foo[1m]&time=60.001', '/api/v1/targets', '/api/v1/targets?state=active', '/api/v1/targets?state=dropped', '/api/v1/targets?state=x', '/api/v1/targets?state=ANY', '/api/v1/targets?scrapePool=x', '/api/v1/scrape_pools', '/api/v1/status/walreplay',
  ].map(get),
  ...['foo', 'sum(foo)', 'rate(foo[2m])', 'foo[5m]', 'lat', 'foo + bar', 'foo + foo', '1', 'vector(1)', 'time()', 'nope', 'sum_over_time(foo[5m:30s])', 'foo @ 60', 'foo offset 1m', 'topk(1, foo)', 'max_over_time(sum(foo)[3m:1m])', 'sum_over_time(foo[5m])', 'absent(foo)', 'timestamp(foo)', 'foo and bar', '-foo', 'sum(rate(foo[1m])) by (job) / sum(bar)', 'scalar(bar)', 'foo[5m:30s]', 'avg_over_time(rate(foo[1m])[3m:30s])', 'label_replace(foo, "a", "b", "job", ".*")', 'quantile_over_time(scalar(bar), foo[1m])', '(foo @ end()) + foo'].flatMap((query) => [
    get(`/api/v1/query?stats=all&time=120&query=${encode(query)}`), get(`/api/v1/query?stats=true&time=120&query=${encode(query)}`),
    get(`/api/v1/query_range?stats=all&start=60&end=240&step=60&query=${encode(query)}`), get(`/api/v1/query_range?stats=1&start=60&end=240&step=30&query=${encode(query)}`),
  ]),
  ...['query=foo&time=60', 'query=foo&time=60&limit=1', 'time=60', 'query=foo&query=bar&time=60', 'query=1+1&time=60', 'query=1%2B1&time=60', ''].map((form) => ({ path: '/api/v1/query', form })),
  { path: '/api/v1/query?query=bar&time=0', form: 'query=foo&time=60' },
  { path: '/api/v1/query?limit=1&time=60', form: 'query=foo' },
  { path: '/api/v1/query_range?step=60', form: 'query=foo&start=0&end=60' },
  { path: '/api/v1/query_range', form: 'query=foo&start=0&end=60&step=60' },
  { path: '/api/v1/series', form: 'match[]=foo&match[]=bar' },
  { path: '/api/v1/series?match[]=foo', form: 'match[]=bar' },
  { path: '/api/v1/series', form: '' },
  { path: '/api/v1/labels', form: 'match[]=foo' },
  { path: '/api/v1/labels', form: '' },
  { path: '/api/v1/query_exemplars', form: 'query=foo' },
  { path: '/api/v1/format_query', form: 'query=foo/bar' },
  { path: '/api/v1/parse_query', form: 'query=foo/bar' },
];
