import { AppError } from "@vpclab/shared/errors/app-error";
import type { Topology } from "@vpclab/shared/topology/topology";

/** A signed job travels as base64 in a frame of at most 1 MiB. */
const DOCUMENT_BYTES_MAX = 700 * 1024;
/** The agent reads at most 50 000 values of a job; the rest of the job has a few. */
const DOCUMENT_VALUES_MAX = 49_900;

/** The document, if it fits into a job. Throws TOO_LARGE. */
export function sendable(document: Topology): Topology {
  const bytes = Buffer.byteLength(JSON.stringify(document));
  if (bytes <= DOCUMENT_BYTES_MAX && countValues(document) <= DOCUMENT_VALUES_MAX) return document;
  throw new AppError("TOO_LARGE", "The topology is too large for one job of its host. Divide it into several topologies.");
}

/** Strings, numbers, literals, lists and objects, as the agent's decoder counts them. */
const countValues = (value: unknown): number =>
  typeof value === "object" && value !== null ? Object.values(value).reduce<number>((sum, inner) => sum + countValues(inner), 1) : 1;
