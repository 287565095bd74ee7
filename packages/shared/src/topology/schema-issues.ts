import type { z } from "zod";
import type { Issue } from "../errors/issue";

/** Zod's complaints in our own shape: code SCHEMA, the path of the field, one sentence. At most 50. */
export function issuesOfSchema(error: z.ZodError): Issue[] {
  return error.issues.slice(0, 50).map((issue) => ({
    severity: "error",
    code: "SCHEMA",
    path: issue.path.map((part) => (typeof part === "symbol" ? String(part) : part)),
    message: issue.message,
  }));
}
