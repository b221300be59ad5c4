import { parseObject } from '../shared/http.ts';
import { LOG_LEVELS, parseLogLevel, type Log } from '../shared/log.ts';
import { setLeak } from './leak.ts';
import { setExtraRounds } from './tokenizer.ts';

/**
 * `PUT /admin/NAME`: `log-level {"level": "debug"}`, `leak {"on": true}`, `hot {"on": true}`.
 * Returns the status and what to answer.
 */
export function administer(name: string, text: string, log: Log): { readonly status: number; readonly value: unknown } {
  const body = parseObject(text) ?? {};
  const isOn = body['on'];
  switch (name) {
    case 'log-level': {
      const level = parseLogLevel(body['level']);
      if (!level) return { status: 400, value: { error: `level must be one of ${LOG_LEVELS.join(', ')}` } };
      log.level = level;
      return { status: 200, value: { level } };
    }
    case 'leak':
    case 'hot':
      if (typeof isOn !== 'boolean') return { status: 400, value: { error: 'on must be true or false' } };
      if (name === 'leak') setLeak(isOn);
      else setExtraRounds(isOn ? 60 : 0);
      log.write('info', `${name} switched`, { on: isOn });
      return { status: 200, value: { [name]: isOn } };
    default:
      return { status: 404, value: { error: `nothing to administer at ${name}` } };
  }
}
