import type { ErrorCode } from "./error-code";

/** Where in a document something is wrong: object keys and array indices from the root, e.g. `["subnets", 2, "cidr"]`. */
export type FieldPath = readonly (string | number)[];

/**
 * One thing that a person should mend. `error` refuses the document; `warning` is a hint beside an accepted one.
 * `message` says what is wrong and what to do, in one sentence; `objectId` is the object whose field `path` names.
 */
export interface Issue {
  readonly severity: "error" | "warning";
  readonly code: ErrorCode;
  readonly path: FieldPath;
  readonly message: string;
  readonly objectId?: string;
}

export const isError = (issue: Issue): boolean => issue.severity === "error";
