import type { Recogniser } from './recipe.ts';
import { aiService } from './systems/ai-service.ts';
import { bifrost } from './systems/bifrost.ts';
import { databases } from './systems/databases.ts';
import { genai } from './systems/genai.ts';
import { goPlugins } from './systems/go-plugins.ts';
import { httpService } from './systems/http-service.ts';
import { kongAi } from './systems/kong-ai.ts';
import { litellm } from './systems/litellm.ts';
import { mcp } from './systems/mcp.ts';
import { portkey } from './systems/portkey.ts';
import { vllm } from './systems/vllm.ts';

/** Every system that is recognised. The order matters where two find the same entity: the more specific goes first. */
export const RECOGNISERS: readonly Recogniser[] = [
  bifrost,
  litellm,
  kongAi,
  portkey,
  vllm,
  genai,
  aiService,
  mcp,
  goPlugins,
  databases,
  httpService,
];
