import type { Given } from "../given";
import { UsageError } from "../usage-error";

/** `--dns on`, `--dns off`, `--dns` (on); null where it is not given. */
export function givenSwitch(given: Given, name: string): boolean | null {
  const text = given.option(name);
  if (text === "on" || text === "off") return text === "on";
  if (text !== null) throw new UsageError(`“${text}”: write on or off`);
  return given.flag(name);
}
