import { contentHash } from "../net/content-hash";
import type { Topology } from "../topology/topology";

/**
 * What an apply asks for, as 64 hex digits: two jobs of one generation must agree in it. Session, sequence and times are
 * not part of it, the order of keys in the document does not matter, the order of lists does.
 */
export const contentHashOf = (topologyName: string, desired: Topology | null): string => contentHash([topologyName, desired]);
