import type { IncomingMessage, ServerResponse } from 'node:http';
import { close, listen, parseObject, readBody, sendJson, textOr } from '../shared/http.ts';
import { liveWithParent, reportReady } from '../shared/parent.ts';
import { sleep } from '../shared/random.ts';
import { createCharacters } from './characters.ts';

/** Serves `POST /PROVIDER/v1/chat/completions` for each simulated upstream, over real sockets. */
export async function runUpstreams(port: number): Promise<void> {
  const characters = createCharacters(Date.now());

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const provider = request.url?.split('/')[1] ?? '';
    const react = characters[provider];
    if (!react) {
      sendJson(response, 404, { error: { type: 'not_found', message: `no upstream ${provider}` } });
      return;
    }
    const body = parseObject(await readBody(request));
    const reaction = react(Date.now(), request.headers.authorization ?? '');
    await sleep(reaction.firstByteMs);
    if (reaction.error !== undefined) {
      sendJson(response, reaction.status, { error: { type: reaction.error, message: `${provider} says no` } });
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    // A space is valid JSON whitespace: the first byte is on its way while the rest is still being "generated".
    response.write(' ');
    await sleep(reaction.restMs);
    response.end(JSON.stringify(completion(textOr(body?.['model'], 'unknown'))));
  };

  const server = await listen(port, (request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  liveWithParent(() => close(server));
  reportReady('upstreams');
}

function completion(model: string): unknown {
  const outputTokens = 20 + Math.floor(Math.random() * 280);
  return {
    id: `chatcmpl-${Math.random().toString(36).slice(2, 12)}`,
    object: 'chat.completion',
    model,
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'lorem ipsum '.repeat(Math.ceil(outputTokens / 8)) } }],
    usage: { completion_tokens: outputTokens },
  };
}
