import type { Metadata } from "next";
import { StagePage } from "../../panels/stage/stage-page";

export const metadata: Metadata = { title: "vpclab, on stage", robots: { index: false } };

export default function Stage() {
  return <StagePage />;
}
