-- AlterTable
ALTER TABLE "Topology" DROP COLUMN "epoch";
