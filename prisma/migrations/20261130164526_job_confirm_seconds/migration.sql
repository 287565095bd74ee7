-- AlterTable
ALTER TABLE "Job" ADD COLUMN     "confirmSeconds" INTEGER;
