{-# LANGUAGE PackageImports #-}
-- QuickCheck, whose quickCheck fails the program where a property does not hold.
module Test.QuickCheck (module Original, quickCheck, quickCheckWith, verboseCheck) where

import Control.Exception (AssertionFailed (..), throwIO)
import "QuickCheck" Test.QuickCheck as Original hiding (quickCheck, quickCheckWith, verboseCheck)
import qualified "QuickCheck" Test.QuickCheck as Plain

quickCheck :: Testable prop => prop -> IO ()
quickCheck = quickCheckWith stdArgs

quickCheckWith :: Testable prop => Args -> prop -> IO ()
quickCheckWith arguments property = Plain.quickCheckWithResult arguments property >>= ended

verboseCheck :: Testable prop => prop -> IO ()
verboseCheck property = Plain.verboseCheckResult property >>= ended

ended :: Result -> IO ()
ended result = if Plain.isSuccess result then pure () else throwIO (AssertionFailed "a property does not hold")
