import type { TimeFormat } from '../../shared/time-axis.ts';

/** How the time column is written. */
export interface RowTimeFormat {
  readonly isDated: boolean;
  readonly locale: string | undefined;
  readonly format: (atMs: number) => string;
}

/** Time of day with milliseconds on a clock of 24 hours, so that the column lines up; with the day when the rows span more than one. */
export function rowTimeFormat({ locale, timeZone }: TimeFormat, isDated: boolean): RowTimeFormat {
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = isDated ? ({ month: '2-digit', day: '2-digit' } as const) : {};
  const format = new Intl.DateTimeFormat(locale, { ...day, hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23', ...zone });
  return { isDated, locale, format: (atMs) => format.format(atMs) };
}
