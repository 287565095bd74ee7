import type { Action } from "../command-spec";
import { allowTraffic, createGroup as createGroupEdit, revokeRule, revokeTraffic } from "../edits/sg-edits";
import { runEdit } from "../run-edit";
import { givenTraffic } from "./given-traffic";
import { namedBy } from "./kind-actions";

export const createGroup: Action = (session, given) => {
  const name = given.either(0, "name");
  return runEdit(
    session, { doing: `create security group${name === null ? "" : ` “${name}”`}`, create: true, makes: true, unchanged: "the security group is there already" },
    createGroupEdit({ name, vpc: given.option("vpc") }, given.option("description")),
  );
};

export const allow: Action = (session, given) => {
  const named = namedBy(given);
  return runEdit(
    session, { doing: `add a rule to “${named.name}”`, create: true, unchanged: "the rule is there already" },
    allowTraffic(named, givenTraffic(given), given.option("description")),
  );
};

export const revoke: Action = (session, given) => {
  const [named, rule, ifExists] = [namedBy(given), given.option("rule"), given.flag("ifExists") === true];
  const edit = rule === null ? revokeTraffic(named, givenTraffic(given), ifExists) : revokeRule(named, rule, ifExists);
  return runEdit(session, { doing: `take a rule out of “${named.name}”`, create: true }, edit);
};
