"""Cases that call functions in Haskell, by the types that are declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crosstune.errors import UsageError
from crosstune.execution import Judge
from crosstune.records import CallCase, Program, Status
from tests.languages.skipping import skip_without_tools

DECLARATION = """module Main where
import qualified Data.Map as Map
import qualified Data.Set as Set

data Value
  = IntValue Int
  | TextValue String
  | ManyValue [Value]
  deriving (Eq, Show)

twice :: Int -> Int
large :: Integer -> Integer
join :: [String] -> Char -> String
pairs :: Map.Map String Int -> [(String, Int)]
shown :: Value -> Maybe Value
distinct :: Set.Set Int -> Set.Set Int
root :: Double -> Either String Double
missing :: Int -> Int
now :: () -> IO Bool
"""
CANDIDATE = (
    DECLARATION.partition("twice ::")[0]
    + """
twice :: Int -> Int
twice x = 2 * x

large :: Integer -> Integer
large = negate

join :: [String] -> Char -> String
join words mark = concatMap (mark :) words

pairs :: Map.Map String Int -> [(String, Int)]
pairs = Map.toList

shown :: Value -> Maybe Value
shown (IntValue 0) = Nothing
shown each = Just each

distinct :: Set.Set Int -> Set.Set Int
distinct = Set.map (`mod` 2)

root :: Double -> Either String Double
root x = if x < 0 then Left "negative" else Right (sqrt x)

missing :: Int -> Int
missing 0 = error "no answer"
missing x = 1 `div` (x - 1)

now :: () -> IO Bool
now () = putStrLn "now" >> pure True

main :: IO ()
main = pure ()
"""
)
RIGHT = [
    CallCase("twice", [21], 42),
    CallCase("large", [1 << 70], -(1 << 70)),
    CallCase("large", [-128], 128),
    CallCase("join", [["a", "bé"], "-"], "-a-bé"),
    CallCase("pairs", [{"b": 2, "a": 1}], [("a", 1), ("b", 2)]),
    CallCase("shown", [3], 3),
    CallCase("shown", [0], None),
    CallCase("shown", [[1, ["b"]]], [1, ["b"]]),
    CallCase("distinct", [{1, 2, 3}], {0, 1}),
    CallCase("root", [9.0], 3.0),
    CallCase("missing", [0], error="ErrorCall"),
    CallCase("missing", [1], error="ArithException"),
    CallCase("now", [None], True),
]
WRONG = [
    CallCase("twice", [21], 43),
    CallCase("large", [1 << 70], 1 << 70),
    CallCase("shown", [3], "3"),
    CallCase("root", [-1.0], 1.0),
]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    skip_without_tools("haskell")
    with Judge() as opened:
        yield opened


def verdict(judge: Judge, *cases: CallCase, declaration: str = DECLARATION) -> Any:
    program = Program("p", "haskell", CANDIDATE, cases=cases, declaration=declaration)
    return next(judge.run([program]))


def test_right_cases_pass(judge: Judge) -> None:
    found = verdict(judge, *RIGHT)
    assert found.status is Status.PASSED, found


@pytest.mark.parametrize("case", WRONG)
def test_wrong_case_fails(judge: Judge, case: CallCase) -> None:
    assert verdict(judge, case).status is Status.WRONG_ANSWER


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        ("twice :: Num a => a -> a", "not that of one function"),
        ("twice :: (Int -> Int) -> Int", "a function as a parameter"),
        ("other :: Int -> Int", "no declared type"),
    ],
)
def test_call_that_cannot_be_made_is_an_error(judge: Judge, declaration: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        verdict(judge, CallCase("twice", [1]), declaration=declaration)
