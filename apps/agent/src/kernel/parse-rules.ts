import type { SeenRule } from "@vpclab/shared/plan/kernel-state";
import { z } from "zod";

/** `ip -N -j rule show`. Loose, so that selectors we do not use are seen as such. */
const RuleShowSchema = z.array(z.looseObject({
  priority: z.int(),
  iif: z.string().optional(),
  table: z.string().optional(),
  protocol: z.string().optional(),
}));
const PROTOCOL_KERNEL = "2";
/** `iif_detached`: its interface is not there at the moment; the rule takes hold again when one of the name appears. */
const OUR_KEYS = new Set(["priority", "src", "iif", "iif_detached", "table", "protocol"]);

/**
 * Policy rules that somebody configured. One of another shape than ours (a source, a mark, an action) comes with an empty
 * `iif`, so that it equals no wanted rule.
 */
export function parseRules(json: unknown): SeenRule[] {
  return RuleShowSchema.parse(json)
    .filter((rule) => rule.protocol !== PROTOCOL_KERNEL)
    .map((rule) => {
      const ours = rule["src"] === "all" && Object.keys(rule).every((key) => OUR_KEYS.has(key));
      return { priority: rule.priority, iif: ours ? (rule.iif ?? "") : "", table: rule.table ?? "" };
    });
}
