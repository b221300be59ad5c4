import { parsePrometheusDuration } from '../../../base/prometheus-duration.ts';
import { TemplateFailure } from '../go-value.ts';
import { asString, type TemplateFunctions } from '../template-function.ts';
import { toFloat, toTimeMs } from './humanize.ts';
import { goDuration, goTime } from './time.ts';

/** Times and durations; `timeMs` is the time of the evaluation. */
export function timeFunctions(timeMs: number): TemplateFunctions {
  return {
    now: { parameters: [], call: () => timeMs / 1000 },
    toTime: { parameters: ['any'], call: ([value]) => goTime(toTimeMs(toFloat(value))) },
    toDuration: { parameters: ['any'], call: ([value]) => goDuration(toFloat(value)) },
    parseDuration: {
      parameters: ['string'],
      call: ([value]) => {
        const text = asString(value);
        const isNegative = text.startsWith('-');
        const parsed = parsePrometheusDuration(isNegative ? text.slice(1) : text);
        if (!parsed.ok) throw new TemplateFailure(parsed.error);
        return (isNegative ? -parsed.value : parsed.value) / 1000;
      },
    },
  };
}
