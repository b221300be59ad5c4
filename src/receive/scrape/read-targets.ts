import path from 'node:path';
import { quoteGoString } from '../../base/go-quote.ts';
import type { YamlFields, YamlNode } from '../../base/yaml-reader.ts';
import type { FileDiscovery, TargetGroup } from './scrape-config.ts';
import { durationField } from './read-field.ts';

const OTHER_DISCOVERIES = [
  'azure', 'consul', 'digitalocean', 'dns', 'docker', 'dockerswarm', 'ec2', 'eureka', 'gce', 'hetzner', 'http', 'ionos', 'kubernetes', 'kuma',
  'lightsail', 'linode', 'marathon', 'nerve', 'nomad', 'openstack', 'ovhcloud', 'puppetdb', 'scaleway', 'serverset', 'stackit', 'triton', 'uyuni', 'vultr',
].map((name) => `${name}_sd_configs`);
const SD_FILE_NAME = /^[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)$/;
const DEFAULT_REFRESH_MS = 5 * 60_000;

/** Reads where a scrape config's targets come from. Without relabelling an address is checked at once, as Prometheus does. */
export function readTargets(
  fields: YamlFields,
  baseDir: string,
  isRelabelled: boolean,
): { staticGroups: TargetGroup[]; fileDiscoveries: FileDiscovery[] } {
  const staticGroups = (fields.get('static_configs')?.list('[]*targetgroup.Group') ?? []).map((node) => readTargetGroup(node, !isRelabelled));
  const fileDiscoveries = (fields.get('file_sd_configs')?.list('[]*file.SDConfig') ?? []).flatMap((node) => readFileDiscovery(node, baseDir) ?? []);
  fields.unsupported(OTHER_DISCOVERIES);
  return { staticGroups, fileDiscoveries };
}

/** Reads one group of targets, of a static_configs or of a discovery file. */
export function readTargetGroup(node: YamlNode, isChecked: boolean): TargetGroup {
  const fields = node.fields('struct { Targets []string "yaml:\\"targets\\""; Labels model.LabelSet "yaml:\\"labels\\"" }');
  const targets = (fields.get('targets')?.list('[]string') ?? []).flatMap((item) => {
    const address = item.string();
    if (address === undefined) return [];
    if (isChecked && address.includes('/')) item.report(`${quoteGoString(address)} is not a valid hostname`);
    return [address];
  });
  const labels = readLabels(fields.get('labels'));
  fields.finish();
  return { targets, labels };
}

/** Reads a mapping of label names to values. */
export function readLabels(node: YamlNode | undefined): Record<string, string> {
  const labels: [string, string][] = [];
  for (const [key, value] of node?.entries('model.LabelSet') ?? []) {
    const name = key.string();
    if (name === undefined || name === '') key.report(`${quoteGoString(name ?? '')} is not a valid label name`);
    else labels.push([name, value && !value.isNull ? (value.string() ?? '') : '']);
  }
  return Object.fromEntries(labels);
}

function readFileDiscovery(node: YamlNode, baseDir: string): FileDiscovery | undefined {
  const fields = node.fields('file.plain');
  const filesNode = fields.get('files');
  const files = filesNode?.strings() ?? [];
  const refreshIntervalMs = durationField(fields, 'refresh_interval') ?? DEFAULT_REFRESH_MS;
  fields.finish();
  if (files.length === 0) {
    node.report('file service discovery config must contain at least one path name');
    return undefined;
  }
  const bad = files.find((file) => !SD_FILE_NAME.test(file));
  if (bad !== undefined) {
    filesNode!.report(`path name ${quoteGoString(bad)} is not valid for file discovery`);
    return undefined;
  }
  return { files: files.map((file) => path.resolve(baseDir, file)), refreshIntervalMs };
}
