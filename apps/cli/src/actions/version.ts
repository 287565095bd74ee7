import type { Action } from "../command-spec";
import { version as vpcctl } from "../../package.json";

export const version: Action = async ({ out }) => {
  out.line(`vpcctl ${vpcctl} (Node ${process.versions.node})`);
  out.value({ vpcctl, node: process.versions.node });
};
