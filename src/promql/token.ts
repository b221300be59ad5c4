/**
 * The tokens of PromQL as small numbers, and the tables that say what each may stand for.
 * The vocabulary is that of Prometheus (promql/parser/lex.go); tokens younger than 3.5 are produced only when experimental syntax is on.
 */
export const token = {
  end: 0,
  error: 1,
  identifier: 2,
  metricIdentifier: 3,
  string: 4,
  number: 5,
  duration: 6,
  leftParen: 7,
  rightParen: 8,
  leftBrace: 9,
  rightBrace: 10,
  leftBracket: 11,
  rightBracket: 12,
  comma: 13,
  colon: 14,
  assign: 15,
  regexMatch: 16,
  regexNotMatch: 17,
  at: 18,
  add: 19,
  subtract: 20,
  multiply: 21,
  divide: 22,
  modulo: 23,
  power: 24,
  equal: 25,
  notEqual: 26,
  greater: 27,
  less: 28,
  greaterOrEqual: 29,
  lessOrEqual: 30,
  trimUpper: 31,
  trimLower: 32,
  and: 33,
  or: 34,
  unless: 35,
  atan2: 36,
  aggregator: 37,
  bool: 38,
  by: 39,
  without: 40,
  on: 41,
  ignoring: 42,
  groupLeft: 43,
  groupRight: 44,
  offset: 45,
  fill: 46,
  fillLeft: 47,
  fillRight: 48,
  anchored: 49,
  smoothed: 50,
  start: 51,
  finish: 52,
  step: 53,
  range: 54,
  maxOf: 55,
  minOf: 56,
} as const;

export type TokenType = (typeof token)[keyof typeof token];

const aggregators = [
  'sum', 'avg', 'count', 'min', 'max', 'group', 'stddev', 'stdvar', 'topk', 'bottomk', 'count_values', 'quantile', 'limitk', 'limit_ratio',
];

/** Words that are tokens of their own in Prometheus 3.5, in lower case; the lexer ignores case. */
export const keywords: ReadonlyMap<string, TokenType> = new Map<string, TokenType>([
  ['and', token.and], ['or', token.or], ['unless', token.unless], ['atan2', token.atan2],
  ...aggregators.map((word): [string, TokenType] => [word, token.aggregator]),
  ['bool', token.bool], ['by', token.by], ['without', token.without], ['on', token.on], ['ignoring', token.ignoring],
  ['group_left', token.groupLeft], ['group_right', token.groupRight], ['offset', token.offset],
  ['start', token.start], ['end', token.finish], ['inf', token.number], ['nan', token.number],
]);

/** Words that act as durations inside brackets when experimental syntax is on. */
export const durationKeywords: ReadonlyMap<string, TokenType> = new Map<string, TokenType>([
  ['step', token.step], ['range', token.range], ['max_of', token.maxOf], ['min_of', token.minOf],
]);

/** `keywords` with those of later versions. */
export const experimentalKeywords: ReadonlyMap<string, TokenType> = new Map<string, TokenType>([
  ...keywords, ...durationKeywords,
  ['fill', token.fill], ['fill_left', token.fillLeft], ['fill_right', token.fillRight],
  ['anchored', token.anchored], ['smoothed', token.smoothed],
]);

function tableOf(...types: TokenType[]): Uint8Array {
  const table = new Uint8Array(64);
  for (const type of types) table[type] = 1;
  return table;
}

const youngWords = [
  token.fill, token.fillLeft, token.fillRight, token.anchored, token.smoothed, token.step, token.range, token.maxOf, token.minOf,
];

/** 1 for each token that may be a metric's name. */
export const isMetricName: Uint8Array = tableOf(
  token.identifier, token.metricIdentifier, token.aggregator, token.by, token.without, token.and, token.or, token.unless,
  token.offset, token.start, token.finish, ...youngWords,
);

/** 1 for each token that may be a label's name between the parentheses of `by`, `on` and their like. */
export const isGroupingLabel: Uint8Array = tableOf(
  token.identifier, token.metricIdentifier, token.aggregator, token.bool, token.by, token.groupLeft, token.groupRight, token.ignoring,
  token.on, token.and, token.or, token.unless, token.offset, token.start, token.finish, token.atan2, ...youngWords,
);

/** 1 for each token that an expression may begin with, names apart. */
export const startsExpression: Uint8Array = isMetricName.slice();
for (const type of [token.number, token.duration, token.string, token.leftParen, token.leftBrace, token.add, token.subtract]) startsExpression[type] = 1;

/** How tightly a binary operator binds, 1 to 6; 0 for all other tokens. */
export const precedence: Uint8Array = new Uint8Array(64);
const levels: readonly (readonly TokenType[])[] = [
  [token.or],
  [token.and, token.unless],
  [token.equal, token.notEqual, token.greater, token.less, token.greaterOrEqual, token.lessOrEqual, token.trimUpper, token.trimLower],
  [token.add, token.subtract],
  [token.multiply, token.divide, token.modulo, token.atan2],
  [token.power],
];
levels.forEach((types, level) => {
  for (const type of types) precedence[type] = level + 1;
});

/** The level of `*`, which a sign shares, and that of `^`, the only operator that groups to the right. */
export const multiplyPrecedence = 5;
export const powerPrecedence = 6;
