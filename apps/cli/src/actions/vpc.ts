import type { Action } from "../command-spec";
import { createVpc as createVpcEdit, setVpc as setVpcEdit } from "../edits/vpc-edits";
import { runEdit } from "../run-edit";
import { givenSwitch } from "./given-switch";

/** Said with `--name` as the older tools did, the VPC can be reached from the host as theirs could. */
export const createVpc: Action = (session, given) => {
  const name = given.either(0, "name");
  const edit = createVpcEdit(
    { name, cidr: given.option("cidr"), reachableFromHost: givenSwitch(given, "reachableFromHost"), dns: givenSwitch(given, "dns") },
    { reachableByDefault: given.option("name") !== null },
  );
  return runEdit(session, { doing: `create VPC${name === null ? "" : ` “${name}”`}`, create: true, makes: true, unchanged: `VPC “${name}” is there already` }, edit);
};

export const setVpc: Action = (session, given) => {
  const name = given.need(0, "name");
  const change = {
    newName: given.option("rename"), cidr: given.option("cidr"), reachableFromHost: givenSwitch(given, "reachableFromHost"), dns: givenSwitch(given, "dns"),
  };
  return runEdit(session, { doing: `change VPC “${name}”`, create: true }, setVpcEdit(name, change));
};
