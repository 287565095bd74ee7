import type { Action } from "../command-spec";
import { createSubnet as createSubnetEdit, setSubnet as setSubnetEdit, type WantedType } from "../edits/subnet-edits";
import type { Given } from "../given";
import { runEdit } from "../run-edit";
import { UsageError } from "../usage-error";
import { givenSwitch } from "./given-switch";
import { namedBy } from "./kind-actions";

/** A public one gets the internet gateway at once. */
export const createSubnet: Action = subnetCreator("public");
/** `subnet add --type public`: the way out comes with `nat enable`, as in the tool that has this spelling. */
export const addSubnet: Action = subnetCreator("waiting");

function subnetCreator(typePublic: WantedType): Action {
  return (session, given) => {
    const name = given.either(0, "name");
    const options = { name, vpc: given.option("vpc"), cidr: given.option("cidr"), type: givenType(given, typePublic) };
    return runEdit(session, { doing: `create subnet${name === null ? "" : ` “${name}”`}`, create: true, makes: true, unchanged: `subnet “${name}” is there already` }, createSubnetEdit(options));
  };
}

function givenType(given: Given, typePublic: WantedType): WantedType | null {
  const [isPublic, isPrivate, text] = [given.flag("public") === true, given.flag("private") === true, given.option("type")];
  if ([isPublic, isPrivate, text !== null].filter(Boolean).length > 1) throw new UsageError("public or private? Say it once");
  if (text !== null && text !== "public" && text !== "private") throw new UsageError(`“${text}” is no type of subnet: public or private`);
  if (isPublic) return "public";
  return text === "public" ? typePublic : isPrivate || text === "private" ? "private" : null;
}

export const setSubnet: Action = (session, given) => {
  const named = namedBy(given);
  const type = givenType(given, "public");
  const change = {
    type: type === "waiting" ? "public" : type, newName: given.option("rename"), cidr: given.option("cidr"), routeTable: given.option("table"),
    networkAcl: given.option("acl"), autoAssignPublicAddress: givenSwitch(given, "autoAssignPublicAddress"),
  } as const;
  return runEdit(session, { doing: `change subnet “${named.name}”`, create: true }, setSubnetEdit(named, change));
};
