/** An attribute's value (opentelemetry-proto AnyValue). 64-bit integers beyond 2^53 are bigints, bytes stay bytes. */
export type AttributeValue =
  | string
  | boolean
  | number
  | bigint
  | Uint8Array
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** Attributes by key, in the order in which they were received. */
export type Attributes = ReadonlyMap<string, AttributeValue>;

/** Who produced the telemetry: the resource of OpenTelemetry. */
export interface Resource {
  readonly attributes: Attributes;
  readonly schemaUrl: string;
}

/** Which library recorded it: the instrumentation scope of OpenTelemetry. */
export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly attributes: Attributes;
  readonly schemaUrl: string;
}
