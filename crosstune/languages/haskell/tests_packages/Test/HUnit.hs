{-# LANGUAGE PackageImports #-}
-- HUnit, whose runTestTT fails the program where a test has failed.
module Test.HUnit (module Original, runTestTT) where

import Control.Exception (AssertionFailed (..), throwIO)
import "HUnit" Test.HUnit as Original hiding (runTestTT)
import qualified "HUnit" Test.HUnit as Plain

runTestTT :: Test -> IO Counts
runTestTT tests = do
  counts <- Plain.runTestTT tests
  if errors counts + failures counts > 0 then throwIO (AssertionFailed "a test failed") else pure counts
