import type { Instance } from "@vpclab/shared/topology/topology";
import type { FastProbe } from "../apps/agent/src/probes/fast-probe";
import { HOST_ADDRESS } from "../apps/agent/src/sandbox/sandbox-state";
import type { KnownFlow } from "./choose-flows";
import { type Applied, INTERNET_PLACE, placeOfInstance, publicAddress, vpcOf } from "./place";

/** The packet that tries a flow; null where there is no address to send it to. */
export function packetOf(flow: KnownFlow, applied: Applied): FastProbe | null {
  const source = instanceAt(flow.source, applied);
  const destination = instanceAt(flow.destination, applied);
  const port = flow.port ?? 0;
  const target = { ...(destination ? placeOfInstance(applied, destination) : INTERNET_PLACE), port };
  const to = destination && !source ? addressFromOutside(flow, destination, applied) : { address: target.address, port };
  if (!to) return null;
  return { protocol: flow.protocol, source: source ? placeOfInstance(applied, source) : INTERNET_PLACE, sourcePort: flow.sourcePort, to, target };
}

/** With a pool: its public address. Without: the host's own, at the port that is published for it. */
function addressFromOutside({ protocol, port }: KnownFlow, instance: Instance, applied: Applied): FastProbe["to"] | null {
  if (applied.publicPool) {
    const address = publicAddress(applied, instance.id);
    return address === null ? null : { address, port: port ?? 0 };
  }
  // Without a gateway nothing is published: that port is the host's own, and the host says what it says.
  if (!applied.index.gatewayOfVpc(vpcOf(applied.index, instance.subnetId).id)) return null;
  const published = instance.publishedPorts.find((one) => one.protocol === protocol && one.port === port);
  return published ? { address: HOST_ADDRESS, port: published.hostPort } : null;
}

function instanceAt(end: KnownFlow["source"], { index }: Applied): Instance | null {
  if ("internet" in end) return null;
  const instance = index.instanceById.get(end.instanceId);
  if (!instance) throw new Error(`${end.instanceId} is not in this topology`);
  return instance;
}
