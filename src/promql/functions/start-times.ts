/**
 * Whether a sample's start time says that its counter began anew after the sample before
 * (prometheus/promql: isStartTimestampReset). Times ms; 0 is an unknown start.
 */
export function isStartTimeReset(previousStart: number, previousTime: number, start: number, time: number): boolean {
  // A start at or after the sample itself says nothing.
  if (start === 0 || start >= time || start < previousTime) return false;
  if (start > previousTime) return true;
  // The start is the sample before: a delta, unless that one's start is unknown or invalid.
  if (previousStart > previousTime) return false;
  return previousStart !== 0 && previousStart !== previousTime;
}

/** Whether a sample claims to count from before the sample before it, without continuing it. */
export function hasStartTimeOverlap(previousStart: number, previousTime: number, start: number): boolean {
  return start !== 0 && start < previousTime && start !== previousStart;
}
