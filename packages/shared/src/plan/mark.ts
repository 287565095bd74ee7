/**
 * The mark on everything vpclab makes: ifalias of links and of a namespace's `lo`. Nothing without it is ever changed or
 * deleted. `vpclab:<agent>:<topology>:<object>:<readable name>`, no spaces, at most 255 bytes (IFALIASZ).
 */
export interface Mark {
  readonly agentId: string;
  readonly topologyId: string;
  readonly objectId: string;
}

const MARK_PATTERN = /^vpclab:([A-Za-z0-9_-]+):([A-Za-z0-9_-]+):([A-Za-z0-9-]+)(?::[a-z0-9.-]*)?$/;

export const formatMark = (mark: Mark, readable: string): string =>
  `vpclab:${mark.agentId}:${mark.topologyId}:${mark.objectId}:${readable}`;

/** The mark in an ifalias, or null when the link is not ours. */
export function parseMark(alias: string): Mark | null {
  const [, agentId, topologyId, objectId] = MARK_PATTERN.exec(alias) ?? [];
  return agentId && topologyId && objectId ? { agentId, topologyId, objectId } : null;
}
