/** A credential of a provider, as the gateway's configuration lists it. */
export interface ProviderKey {
  readonly id: string;
  readonly name: string;
}

/** A provider the gateway can route to. Prices are USD for a million tokens. */
export interface Provider {
  readonly name: string;
  readonly models: readonly string[];
  readonly keys: readonly ProviderKey[];
  readonly inputPrice: number;
  readonly outputPrice: number;
}

const keysOf = (provider: string, count: number): ProviderKey[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${provider}-key-${index + 1}`, name: `key-${'abc'[index]}` }));

/** The gateway's configuration: four providers of different character, see upstreams/characters.ts. */
export const PROVIDERS: readonly Provider[] = [
  { name: 'openai', models: ['gpt-4o', 'gpt-4o-mini'], keys: keysOf('openai', 1), inputPrice: 2.5, outputPrice: 10 },
  { name: 'bedrock', models: ['claude-sonnet', 'claude-haiku'], keys: keysOf('bedrock', 1), inputPrice: 3, outputPrice: 15 },
  { name: 'groq', models: ['llama-3.3-70b'], keys: keysOf('groq', 2), inputPrice: 0.59, outputPrice: 0.79 },
  { name: 'mistral', models: ['mistral-large', 'mistral-small'], keys: keysOf('mistral', 3), inputPrice: 2, outputPrice: 6 },
];

/** `provider/model` taken apart, as the gateway's clients write it; undefined when the provider is not configured. */
export function parseModel(text: string): { readonly provider: Provider; readonly model: string } | undefined {
  const slash = text.indexOf('/');
  const provider = PROVIDERS.find(({ name }) => name === text.slice(0, slash));
  const model = text.slice(slash + 1);
  return provider && model !== '' ? { provider, model } : undefined;
}
