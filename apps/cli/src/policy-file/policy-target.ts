import type { Issue } from "@vpclab/shared/errors/issue";
import type { Firewall } from "@vpclab/shared/topology/topology";

/**
 * What `readPolicyFile(path, target)` of read-policy-file.ts is asked and answers (Promise of a Result of ReadPolicy or
 * PolicyIssue[]): the firewall of one subnet out of a file that may hold policies for several.
 */
export interface PolicyTarget {
  readonly vpc: string;
  readonly subnet: string;
  readonly cidr: string;
  /** For files that say `"subnet_type": "public"`. */
  readonly type: "public" | "private";
  /** For what no rule names; null: what the file says, else deny. */
  readonly defaultAction: "allow" | "deny" | null;
}

export interface ReadPolicy {
  /** null: no policy of the file is for this subnet. */
  readonly firewall: Firewall | null;
  /** Lines for people, e.g. that nobody named a default and it is deny. */
  readonly remarks: readonly string[];
}

/** With the line of the file, from 1, where it can be told. */
export type PolicyIssue = Issue & { readonly position?: { readonly file: string; readonly line: number; readonly column: number } };
