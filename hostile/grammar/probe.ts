import type { SentProbe } from "../../apps/agent/src/probes/fast-probe";
import type { MeasureRequest } from "../../apps/agent/src/probes/measure";
import { ADDRESS, NAMESPACE, whole } from "./words";

const FROM = whole(`${NAMESPACE}|vpclab\\.(?:internet|host)`);
const TO = whole(ADDRESS);
const isPort = (port: number | null): boolean => port === null || (Number.isInteger(port) && port >= 1 && port <= 65_535);

/** Null, or what of a test's request is no namespace, address or port: they become words of a program. */
export function probeFault({ namespace, sourceAddress, targetAddress, kind, port, answerer }: MeasureRequest): string | null {
  if (!FROM.test(namespace)) return `from ${namespace}`;
  if (!TO.test(sourceAddress) || !TO.test(targetAddress)) return `${sourceAddress} to ${targetAddress}`;
  if (!["ping", "tcp", "udp", "http"].includes(kind) || !isPort(port) || (kind !== "ping" && port === null)) return `${kind} ${String(port)}`;
  if (answerer && !(FROM.test(answerer.namespace) && TO.test(answerer.address) && isPort(answerer.port))) return `answered by ${answerer.namespace}`;
  return null;
}

/** The same of one packet of a measurement. */
export function flowFault({ source, to, target }: SentProbe): string | null {
  for (const place of [source, ...(target ? [target] : [])]) {
    if (place.namespace === null || !FROM.test(place.namespace) || !TO.test(place.address)) return `at ${place.namespace} ${place.address}`;
  }
  if (!TO.test(to.address) || !(to.port === 0 || isPort(to.port)) || (target && !isPort(target.port))) return `to ${to.address}:${to.port}`;
  return null;
}
