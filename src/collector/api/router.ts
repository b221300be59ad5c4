import type { IncomingMessage } from 'node:http';
import { textAnswer, type HttpAnswer } from './http-answer.ts';

/** A request that has passed the guards. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  /** Query string and, for a form POST, its body. */
  readonly params: URLSearchParams;
  /** The parts of the path that the route's `:name` segments matched, decoded. */
  readonly segments: Readonly<Record<string, string>>;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  readonly incoming: IncomingMessage;
}

export type ApiHandler = (request: ApiRequest) => HttpAnswer | Promise<HttpAnswer>;

/** One route. `path` may hold `:name` segments. */
export interface ApiRoute {
  readonly methods: readonly ('GET' | 'POST' | 'PUT' | 'DELETE')[];
  readonly path: string;
  readonly handle: ApiHandler;
  /** True when the handler reads the body itself (a push), false when a POST body is a form. */
  readonly readsBody?: boolean;
}

/** A route that fits, with what its segments matched; or the answer that says why none does. */
export type RouteMatch = { readonly route: ApiRoute; readonly segments: Readonly<Record<string, string>> } | { readonly answer: HttpAnswer };

/** Finds the route for a method and path: 404 when no route has the path, 405 when none of those takes the method. */
export function matchRoute(routes: readonly ApiRoute[], method: string, path: string): RouteMatch {
  const allowed = new Set<string>();
  for (const route of routes) {
    const segments = matchPath(route.path, path);
    if (!segments) continue;
    if (route.methods.some((candidate) => candidate === method) || (method === 'HEAD' && route.methods.includes('GET'))) return { route, segments };
    for (const candidate of route.methods) allowed.add(candidate);
  }
  if (allowed.size > 0) return { answer: { ...textAnswer(`${path} takes ${[...allowed].join(' or ')}, not ${method}\n`, 405), headers: { allow: [...allowed].join(', ') } } };
  return { answer: textAnswer(`404 page not found: ${path}\n`, 404) };
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  if (!pattern.includes(':')) return pattern === path ? {} : undefined;
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const segments: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const text = given[i]!;
    if (!part.startsWith(':')) {
      if (part !== text) return undefined;
      continue;
    }
    try {
      const segment = decodeURIComponent(text);
      if (segment === '' || segment.includes('/')) return undefined;
      segments[part.slice(1)] = segment;
    } catch {
      return undefined;
    }
  }
  return segments;
}
