const SECONDS_PER_DAY = 86_400;

/** A day of the proleptic Gregorian calendar. */
interface CivilDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The civil date of a day number since the epoch (Howard Hinnant, chrono-compatible date algorithms: civil_from_days). */
function civilFromDays(daysSinceEpoch: number): CivilDay {
  const z = daysSinceEpoch + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/** Whole seconds. What does not fit an int64 becomes the smallest one in Go, whose calendar then wraps around to this. */
function wholeSeconds(value: number): number {
  return Number.isFinite(value) && Math.abs(value) < 2 ** 63 ? Math.trunc(value) : 2 ** 63;
}

function dayNumber(value: number): number {
  return Math.floor(wholeSeconds(value) / SECONDS_PER_DAY);
}

function secondOfDay(value: number): number {
  return ((wholeSeconds(value) % SECONDS_PER_DAY) + SECONDS_PER_DAY) % SECONDS_PER_DAY;
}

function dayOfYear(value: number): number {
  const { year, month, day } = civilFromDays(dayNumber(value));
  return DAYS_BEFORE_MONTH[month - 1]! + day + (month > 2 && isLeap(year) ? 1 : 0);
}

function daysInMonth(value: number): number {
  const { year, month } = civilFromDays(dayNumber(value));
  return month === 2 && isLeap(year) ? 29 : DAYS_BEFORE_MONTH[month]! - DAYS_BEFORE_MONTH[month - 1]!;
}

/** The functions of a Unix time in seconds, all in UTC. */
export const DATE_FUNCTIONS: Readonly<Record<string, (seconds: number) => number>> = {
  year: (value) => civilFromDays(dayNumber(value)).year,
  month: (value) => civilFromDays(dayNumber(value)).month,
  day_of_month: (value) => civilFromDays(dayNumber(value)).day,
  day_of_week: (value) => (((dayNumber(value) + 4) % 7) + 7) % 7,
  day_of_year: dayOfYear,
  days_in_month: daysInMonth,
  hour: (value) => Math.floor(secondOfDay(value) / 3600),
  minute: (value) => Math.floor((secondOfDay(value) % 3600) / 60),
};
