import path from 'node:path';
import { quoteGoString } from '../../base/go-quote.ts';
import type { YamlFields, YamlNode } from '../../base/yaml-reader.ts';
import type { HttpClientConfig, SecretSource } from './scrape-config.ts';

const UNSUPPORTED = ['oauth2', 'proxy_url', 'no_proxy', 'proxy_from_environment', 'proxy_connect_header'];
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'authorization', 'host', 'content-encoding', 'content-length', 'content-type', 'user-agent', 'connection', 'keep-alive', 'proxy-authenticate',
  'proxy-authorization', 'www-authenticate', 'accept-encoding', 'x-prometheus-remote-write-version', 'x-prometheus-remote-read-version',
  'x-prometheus-scrape-timeout-seconds', 'x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256',
]);

/** Reads the HTTP client fields that stand inline in a scrape config (prometheus/common config: HTTPClientConfig). */
export function readHttpClient(fields: YamlFields, baseDir: string): HttpClientConfig {
  const basicNode = fields.get('basic_auth');
  const authorizationNode = fields.get('authorization');
  const bearer = secret(fields, 'bearer_token', 'bearer_token_file', baseDir);
  const followRedirects = fields.get('follow_redirects')?.bool() ?? true;
  const tls = readTls(fields.get('tls_config'), baseDir);
  const headers = readHeaders(fields.get('http_headers'), baseDir);
  // HTTP/1.1 serves every target; asking for HTTP/2 changes nothing that can be seen.
  fields.get('enable_http2')?.bool();
  fields.unsupported(UNSUPPORTED);
  if (basicNode && bearer) basicNode.report('at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured');
  if (authorizationNode && bearer) authorizationNode.report('authorization is not compatible with bearer_token & bearer_token_file');
  if (authorizationNode && basicNode) authorizationNode.report('at most one of basic_auth, oauth2 & authorization must be configured');
  const basicAuth = basicNode && readBasicAuth(basicNode, baseDir);
  const authorization = authorizationNode ? readAuthorization(authorizationNode, baseDir) : bearer && { type: 'Bearer', credentials: bearer };
  return { ...(basicAuth ? { basicAuth } : {}), ...(authorization ? { authorization } : {}), tls, followRedirects, headers };
}

function readBasicAuth(node: YamlNode, baseDir: string): NonNullable<HttpClientConfig['basicAuth']> {
  const fields = node.fields('config.plain');
  const username = secret(fields, 'username', 'username_file', baseDir) ?? { text: '' };
  const password = secret(fields, 'password', 'password_file', baseDir) ?? { text: '' };
  fields.unsupported(['username_ref', 'password_ref']);
  fields.finish();
  return { username, password };
}

function readAuthorization(node: YamlNode, baseDir: string): HttpClientConfig['authorization'] {
  const fields = node.fields('config.Authorization');
  const typeNode = fields.get('type');
  const type = typeNode?.string()?.trim() ?? '';
  const credentials = secret(fields, 'credentials', 'credentials_file', baseDir);
  fields.unsupported(['credentials_ref']);
  fields.finish();
  if (type.toLowerCase() === 'basic') typeNode?.report('authorization type cannot be set to "basic", use "basic_auth" instead');
  return credentials && { type: type === '' ? 'Bearer' : type, credentials };
}

function readTls(node: YamlNode | undefined, baseDir: string): HttpClientConfig['tls'] {
  if (!node) return { serverName: '', insecureSkipVerify: false };
  const fields = node.fields('config.plain');
  const ca = secret(fields, 'ca', 'ca_file', baseDir);
  const cert = secret(fields, 'cert', 'cert_file', baseDir);
  const key = secret(fields, 'key', 'key_file', baseDir);
  const serverName = fields.get('server_name')?.string() ?? '';
  const insecureSkipVerify = fields.get('insecure_skip_verify')?.bool() ?? false;
  fields.unsupported(['ca_ref', 'cert_ref', 'key_ref', 'min_version', 'max_version']);
  fields.finish();
  if (cert && !key) node.report('exactly one of key or key_file must be configured when a client certificate is configured');
  if (key && !cert) node.report('exactly one of cert or cert_file must be configured when a client key is configured');
  return { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}), serverName, insecureSkipVerify };
}

function readHeaders(node: YamlNode | undefined, baseDir: string): HttpClientConfig['headers'] {
  return (node?.entries('map[string]config.Header') ?? []).flatMap(([key, value]) => {
    const name = key.string() ?? '';
    if (RESERVED_HEADERS.has(name.toLowerCase())) {
      key.report(`setting header ${quoteGoString(name)} is not allowed`);
      return [];
    }
    const fields = value?.fields('config.Header');
    if (!fields) return [];
    const values: SecretSource[] = [...(fields.get('values')?.strings() ?? []), ...(fields.get('secrets')?.strings() ?? [])].map((text) => ({ text }));
    for (const file of fields.get('files')?.strings() ?? []) values.push({ file: path.resolve(baseDir, file) });
    fields.finish();
    return [{ name, values }];
  });
}

/** A secret given in place or by file; both is an error. */
function secret(fields: YamlFields, name: string, fileName: string, baseDir: string): SecretSource | undefined {
  const text = fields.get(name)?.string();
  const file = fields.get(fileName)?.string();
  if (text && file) fields.key(fileName)?.report(`at most one of ${name} & ${fileName} must be configured`);
  if (text) return { text };
  return file ? { file: path.resolve(baseDir, file) } : undefined;
}
