import { expect, it } from "vitest";
import { trySchedules } from "../../torture/schedules";

const QUIET = { seed: 7, say: () => undefined };

it("sees a kernel that is written once too often", async () => {
  const end = await trySchedules({
    ...QUIET, schedules: 1,
    plant: (lab) => {
      // As if a job that came twice were carried out twice.
      lab.proxy.always = (frame, towards) => {
        const [step] = lab.kernel.log;
        if (towards === "agent" && frame.includes('"type":"job"') && step) lab.kernel.log.push(step);
        return null;
      };
      return () => undefined;
    },
  });
  expect(end).toEqual({ schedules: 1, notConverged: 0, differingWrites: 1 });
}, 300_000);

it("sees a host that is never told", async () => {
  const end = await trySchedules({
    ...QUIET, schedules: 2, convergeMaxMs: 3_000,
    plant: (lab) => {
      lab.proxy.always = (frame, towards) => (towards === "agent" && frame.includes('"type":"job"') ? "drop" : null);
      return () => undefined;
    },
  });
  expect(end).toEqual({ schedules: 1, notConverged: 1, differingWrites: 0 });
}, 300_000);
