-- Runs a program's main and says how it failed.
module CrosstuneRun (run) where

import Control.Exception
import Foreign.C.Types (CInt (..))
import System.Exit (ExitCode (..))
import System.IO (hFlush, hPutStrLn, stderr, stdout)

foreign import ccall "crosstune_haskell_failed" failed :: CInt -> IO ()
foreign import ccall "_exit" leave :: CInt -> IO ()

run :: IO a -> IO ()
run program = (program >> flush) `catch` ended

flush :: IO ()
flush = (hFlush stdout >> hFlush stderr) `catch` ignored

ignored :: SomeException -> IO ()
ignored _ = pure ()

ended :: SomeException -> IO ()
ended problem = case fromException problem of
  Just ExitSuccess -> flush >> leave 0
  Just (ExitFailure _) -> flush >> failed 1
  Nothing -> do
    flush
    hPutStrLn stderr ("uncaught exception: " ++ displayException problem) `catch` ignored
    flush
    failed (if isAssertion problem then 1 else 0)

-- `error` and `fail` are how tests say that they failed; so do assertions of HUnit.
isAssertion :: SomeException -> Bool
isAssertion problem = case (fromException problem, fromException problem, fromException problem) of
  (Just (ErrorCall _), _, _) -> True
  (_, Just (AssertionFailed _), _) -> True
  (_, _, Just failure) -> not (null (ioeText failure))
  _ -> False
 where
  ioeText :: IOException -> String
  ioeText failure = if take 10 (show failure) == "user error" then "failed" else ""
