import { AppError } from "@vpclab/shared/errors/app-error";
import type { Issue } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import type { ProbeEnd } from "@vpclab/shared/analysis/probe";
import { findByName } from "@vpclab/shared/topology/find-by-name";
import { readableName } from "@vpclab/shared/plan/describe-object";
import type { ObjectKind, Topology } from "@vpclab/shared/topology/topology";
import { findObject, indexTopology } from "@vpclab/shared/topology/topology-index";

/** The value, or an AppError with the issues. */
export function orThrow<T>(result: Result<T, readonly Issue[]>): T {
  if (!result.ok) throw AppError.fromIssues(result.error);
  return result.value;
}

export const INTERNET = "internet";
export const HOST = "host";
const PUBLIC = "public:";

/**
 * What a person calls an end of a test: an instance by any of its names, `internet`, `host`, or `public:` before the name of an
 * instance or NAT gateway for its public address. Throws NOT_FOUND, CONFLICT (several).
 */
export function endByName(doc: Topology, text: string): ProbeEnd {
  if (text === INTERNET) return { internet: true };
  if (text === HOST) return { host: true };
  if (!text.startsWith(PUBLIC)) return { instanceId: orThrow(findByName(doc, "instance", text)).id };
  const name = text.slice(PUBLIC.length);
  const gateway = findByName(doc, "nat-gateway", name);
  return { publicAddressOf: gateway.ok ? gateway.value.id : orThrow(findByName(doc, "instance", name)).id };
}

export function endName(doc: Topology, end: ProbeEnd): string {
  if ("internet" in end) return INTERNET;
  if ("host" in end) return HOST;
  return "instanceId" in end ? objectName(doc, end.instanceId) : `${PUBLIC}${objectName(doc, end.publicAddressOf)}`;
}

/** Name with its place, e.g. `prod/public/main`; the id of what is not there. */
export function objectName(doc: Topology, id: string): string {
  const found = findObject(doc, id);
  return found ? readableName<ObjectKind>(found.kind, found.object, indexTopology(doc)) : id;
}
