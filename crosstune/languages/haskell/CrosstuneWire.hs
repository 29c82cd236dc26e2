{-# LANGUAGE FlexibleInstances, ScopedTypeVariables, UndecidableInstances #-}
-- Values between judge and candidate, and the loop that answers calls; see docs/values.md. Nothing here needs
-- protection from the candidate: all that it can change is what it answers.
module CrosstuneWire (Value (..), FromWire (..), ToWire (..), Callable (..), named, serve) where

import Control.Exception
import Data.Bits (complement, shiftL, shiftR, (.&.), (.|.))
import qualified Data.ByteString as B
import qualified Data.ByteString.Builder as W
import qualified Data.ByteString.Lazy as L
import Data.Char (chr, ord)
import Data.Int (Int32, Int64)
import qualified Data.Map as Map
import qualified Data.Set as Set
import Data.Word (Word64, Word8)
import GHC.Float (castDoubleToWord64, castWord64ToDouble)
import System.Exit (ExitCode)
import System.IO

data Value
  = Nothing'
  | Bool' Bool
  | Int' Integer
  | Float' Double
  | Char' Char
  | Text' String
  | List' [Value]
  | Map' [(Value, Value)]

-- Reading

newtype Reader a = Reader {runReader :: B.ByteString -> (a, B.ByteString)}

instance Functor Reader where
  fmap f (Reader r) = Reader (\s -> let (a, rest) = r s in (f a, rest))

instance Applicative Reader where
  pure a = Reader (\s -> (a, s))
  Reader f <*> Reader r = Reader (\s -> let (g, rest) = f s; (a, end) = r rest in (g a, end))

instance Monad Reader where
  Reader r >>= f = Reader (\s -> let (a, rest) = r s in runReader (f a) rest)

takeBytes :: Int -> Reader B.ByteString
takeBytes count = Reader (B.splitAt count)

unsigned :: B.ByteString -> Integer
unsigned = B.foldl' (\sum each -> sum `shiftL` 8 .|. fromIntegral each) 0

signed :: B.ByteString -> Integer
signed bytes
  | not (B.null bytes) && B.head bytes >= 128 = unsigned bytes - 1 `shiftL` (8 * B.length bytes)
  | otherwise = unsigned bytes

number :: Reader Int
number = fromIntegral . unsigned <$> takeBytes 4

text :: Reader String
text = decoded . B.unpack <$> (number >>= takeBytes)

value :: Reader Value
value = do
  tag <- takeBytes 1
  case chr (fromIntegral (B.head tag)) of
    'T' -> pure (Bool' True)
    'F' -> pure (Bool' False)
    'i' -> Int' . signed <$> takeBytes 8
    'I' -> Int' . signed <$> (number >>= takeBytes)
    'd' -> Float' . castWord64ToDouble . fromIntegral . unsigned <$> takeBytes 8
    'c' -> Char' . chr <$> number
    's' -> Text' <$> text
    'm' -> Map' <$> repeated ((,) <$> value <*> value)
    'N' -> pure Nothing'
    _ -> List' <$> repeated value

repeated :: Reader a -> Reader [a]
repeated reader = number >>= \count -> sequence (replicate count reader)

-- UTF-8, in which a surrogate has the three bytes of its code point.
decoded :: [Word8] -> String
decoded (a : rest)
  | a < 0x80 = chr (fromIntegral a) : decoded rest
  | a < 0xE0 = more 1 (fromIntegral a .&. 0x1F) rest
  | a < 0xF0 = more 2 (fromIntegral a .&. 0x0F) rest
  | otherwise = more 3 (fromIntegral a .&. 0x07) rest
 where
  more count first bytes =
    let (own, after) = splitAt count bytes
     in chr (foldl (\sum each -> sum * 64 + fromIntegral (each .&. 0x3F)) first own) : decoded after
decoded [] = []

encoded :: Char -> [Word8]
encoded c
  | n < 0x80 = [fromIntegral n]
  | n < 0x800 = [0xC0 .|. high 6, low 0]
  | n < 0x10000 = [0xE0 .|. high 12, low 6, low 0]
  | otherwise = [0xF0 .|. high 18, low 12, low 6, low 0]
 where
  n = ord c
  high by = fromIntegral (n `shiftR` by)
  low by = 0x80 .|. (fromIntegral (n `shiftR` by) .&. 0x3F)

-- What functions take

class FromWire a where
  from :: Value -> a
  fromMany :: Value -> [a]
  fromMany (List' items) = map from items
  fromMany _ = wrong

wrong :: a
wrong = throw (AssertionFailed "a value of another type")

whole :: Num a => Value -> a
whole (Int' each) = fromInteger each
whole _ = wrong

instance FromWire Int where from = whole
instance FromWire Int32 where from = whole
instance FromWire Int64 where from = whole
instance FromWire Integer where from = whole
instance FromWire Word8 where from = whole
instance FromWire Double where
  from (Float' each) = each
  from each = whole each
instance FromWire Float where
  from (Float' each) = realToFrac each
  from each = whole each
instance FromWire Bool where
  from (Bool' each) = each
  from _ = wrong
instance FromWire () where from _ = ()
instance FromWire Char where
  from (Char' each) = each
  from (Text' [each]) = each
  from _ = wrong
  fromMany (Text' each) = each
  fromMany (List' items) = map from items
  fromMany _ = wrong
instance FromWire a => FromWire [a] where from = fromMany
instance FromWire a => FromWire (Maybe a) where
  from Nothing' = Nothing
  from each = Just (from each)
instance (FromWire a, FromWire b) => FromWire (a, b) where
  from (List' [a, b]) = (from a, from b)
  from _ = wrong
instance (FromWire a, FromWire b, FromWire c) => FromWire (a, b, c) where
  from (List' [a, b, c]) = (from a, from b, from c)
  from _ = wrong
instance (FromWire a, FromWire b, FromWire c, FromWire d) => FromWire (a, b, c, d) where
  from (List' [a, b, c, d]) = (from a, from b, from c, from d)
  from _ = wrong
instance (Ord k, FromWire k, FromWire v) => FromWire (Map.Map k v) where
  from (Map' pairs) = Map.fromList [(from k, from v) | (k, v) <- pairs]
  from _ = wrong
instance (Ord a, FromWire a) => FromWire (Set.Set a) where
  from (List' items) = Set.fromList (map from items)
  from _ = wrong

-- What they return

class ToWire a where
  to :: a -> W.Builder
  toMany :: [a] -> W.Builder
  toMany items = tagged 'l' (map to items)

u32 :: Int -> W.Builder
u32 = W.word32BE . fromIntegral

tagged :: Char -> [W.Builder] -> W.Builder
tagged tag items = W.char7 tag <> u32 (length items) <> mconcat items

written :: String -> W.Builder
written each = let bytes = concatMap encoded each in u32 (length bytes) <> W.byteString (B.pack bytes)

integer :: Integer -> W.Builder
integer each
  | each >= -(2 ^ (63 :: Int)) && each < 2 ^ (63 :: Int) = W.char7 'i' <> W.int64BE (fromInteger each)
  | otherwise = W.char7 'I' <> u32 (length bytes) <> W.byteString (B.pack bytes)
 where
  magnitude = if each < 0 then complement each else each
  count = head [size | size <- [1 ..], magnitude < 2 ^ (8 * size - 1 :: Int)] :: Int
  bytes = [fromInteger (each `shiftR` (8 * at) .&. 255) | at <- [count - 1, count - 2 .. 0]]

instance ToWire Int where to = integer . toInteger
instance ToWire Int32 where to = integer . toInteger
instance ToWire Int64 where to = integer . toInteger
instance ToWire Integer where to = integer
instance ToWire Word8 where to = integer . toInteger
instance ToWire Double where to each = W.char7 'd' <> W.word64BE (castDoubleToWord64 each)
instance ToWire Float where to each = to (read (show each) `orNumber` each)
instance ToWire Bool where to each = W.char7 (if each then 'T' else 'F')
instance ToWire () where to () = W.char7 'N'
instance ToWire Char where
  to each = W.char7 'c' <> u32 (ord each)
  toMany each = W.char7 's' <> written each
instance ToWire a => ToWire [a] where to = toMany
instance ToWire a => ToWire (Maybe a) where to = maybe (to ()) to
instance (ToWire e, ToWire a) => ToWire (Either e a) where
  to (Right each) = to each
  to (Left each) = W.char7 'K' <> written "Left" <> to each
instance (ToWire a, ToWire b) => ToWire (a, b) where to (a, b) = tagged 't' [to a, to b]
instance (ToWire a, ToWire b, ToWire c) => ToWire (a, b, c) where to (a, b, c) = tagged 't' [to a, to b, to c]
instance (ToWire a, ToWire b, ToWire c, ToWire d) => ToWire (a, b, c, d) where
  to (a, b, c, d) = tagged 't' [to a, to b, to c, to d]
instance (ToWire k, ToWire v) => ToWire (Map.Map k v) where
  to each = W.char7 'm' <> u32 (Map.size each) <> mconcat [to k <> to v | (k, v) <- Map.toList each]
instance ToWire a => ToWire (Set.Set a) where to each = tagged 'S' (map to (Set.toList each))

-- A float of 32 bits is the double with its digits; NaN and infinities have none.
orNumber :: Double -> Float -> Double
orNumber digits each = if isNaN each || isInfinite each then realToFrac each else digits

-- Calls

class Callable f where
  call :: f -> [Value] -> IO W.Builder

instance {-# OVERLAPPABLE #-} ToWire r => Callable r where
  call result _ = pure (to result)

instance ToWire r => Callable (IO r) where
  call action _ = to <$> action

instance (FromWire a, Callable b) => Callable (a -> b) where
  call f (first : rest) = call (f (from first)) rest
  call _ [] = wrong

named :: Callable f => String -> f -> (String, [Value] -> IO W.Builder)
named name f = (name, call f)

answered :: [(String, [Value] -> IO W.Builder)] -> B.ByteString -> IO L.ByteString
answered functions question = do
  let ((name, arguments), _) = runReader ((,) <$> (takeBytes 1 *> text) <*> value) question
      List' values = arguments
      Just function = lookup name functions
  outcome <- try (function values >>= evaluate . forced . W.toLazyByteString)
  pure (W.toLazyByteString (either failure (\result -> W.char7 'R' <> W.lazyByteString result) outcome <> rest))
 where
  rest = u32 0 <> u32 0 <> u32 0
  forced bytes = L.length bytes `seq` bytes

failure :: SomeException -> W.Builder
failure problem = W.char7 'E' <> written kind <> written (displayException problem) <> written ""
 where
  kind = case (fromException problem, fromException problem, fromException problem) of
    (Just (ErrorCall _), _, _) -> "ErrorCall"
    (_, Just (_ :: ArithException), _) -> "ArithException"
    (_, _, Just (_ :: IOException)) -> "IOException"
    _ -> "SomeException"

mostBytes :: Int64
mostBytes = 16 * 1024 * 1024

serve :: [(String, [Value] -> IO W.Builder)] -> IO ()
serve functions = do
  reader <- openBinaryFile "/proc/self/fd/5" ReadMode
  writer <- openBinaryFile "/proc/self/fd/6" WriteMode
  hSetBuffering writer (BlockBuffering Nothing)
  send writer (L.pack [72, 1])
  loop reader writer
 where
  loop reader writer = do
    size <- B.hGet reader 4
    if B.length size < 4
      then pure ()
      else do
        question <- B.hGet reader (fromIntegral (unsigned size))
        reply <- answered functions question
        hFlush stdout
        send writer reply
        loop reader writer

send :: Handle -> L.ByteString -> IO ()
send writer frame = do
  L.hPut writer (W.toLazyByteString (W.word32BE (fromIntegral (L.length frame))))
  if L.length frame <= mostBytes then L.hPut writer frame >> hFlush writer else hFlush writer >> ioError (userError "too long")
