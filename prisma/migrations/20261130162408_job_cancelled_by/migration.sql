-- AlterTable
ALTER TABLE "Job" ADD COLUMN     "cancelledBy" JSONB;
