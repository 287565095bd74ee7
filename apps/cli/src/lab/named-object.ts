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

/** What a person calls an end of a test: an instance by any of its names, or `internet`. Throws NOT_FOUND, CONFLICT (several). */
export const endByName = (doc: Topology, text: string): ProbeEnd =>
  text === INTERNET ? { internet: true } : { instanceId: orThrow(findByName(doc, "instance", text)).id };

export const endName = (doc: Topology, end: ProbeEnd): string => ("internet" in end ? INTERNET : objectName(doc, end.instanceId));

/** Name with its place, e.g. `prod/public/main`; the id of what is not there. */
export function objectName(doc: Topology, id: string): string {
  const found = findObject(doc, id);
  return found ? readableName<ObjectKind>(found.kind, found.object, indexTopology(doc)) : id;
}
