import { ok } from "@vpclab/shared/errors/result";
import type { Settings } from "@vpclab/shared/topology/topology";
import { NO_CHANGE, refuse, type Edit } from "./edit";

/** Settings of a topology by the names that a command line has for them, with what they may be. */
export const SETTINGS: Record<string, { readonly field: keyof Settings; readonly values: readonly string[] }> = {
  addressing: { field: "addressing", values: ["lab", "aws"] },
  "drift-repair": { field: "driftRepair", values: ["automatic", "manual"] },
};

export const setSetting = (name: string, value: string): Edit => (doc) => {
  const setting = SETTINGS[name];
  if (!setting) return refuse("NOT_FOUND", `There is no setting “${name}”; there is ${Object.keys(SETTINGS).join(" and ")}.`);
  if (!setting.values.includes(value)) return refuse("SCHEMA", `“${value}” is nothing that ${name} can be: ${setting.values.join(" or ")}.`);
  return doc.settings[setting.field] === value ? NO_CHANGE : ok({ op: "settings", set: { [setting.field]: value } });
};
