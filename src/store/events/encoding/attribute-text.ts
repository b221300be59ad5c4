import type { AttributeValue } from '../../../model/attributes.ts';
import { isArray } from './attribute-value.ts';

/**
 * A value as the text a search compares with: strings as they are, numbers and booleans as JavaScript prints them,
 * null as '', bytes as base64, lists and maps as JSON.
 */
export function attributeText(value: AttributeValue): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return JSON.stringify(value, jsonSafe);
}

/** The texts by which a value is found with `=`: its own, and for a list that of each item. */
export function searchableTexts(value: AttributeValue): string[] {
  const texts = [attributeText(value)];
  if (isArray(value)) for (const item of value) texts.push(attributeText(item));
  return texts;
}

function jsonSafe(_key: string, value: AttributeValue): AttributeValue {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return value;
}
