-- HumanEval/10 helper
isPalindrome :: String -> Bool
isPalindrome string = string == reverse string

-- HumanEval/32 helper
poly :: [Int] -> Double -> Double
poly xs x = foldr (\coefficient rest -> fromIntegral coefficient + x * rest) 0 xs

-- HumanEval/38 helper
encodeCyclic :: String -> String
encodeCyclic (a : b : c : rest) = b : c : a : encodeCyclic rest
encodeCyclic rest = rest

-- HumanEval/50 helper
encodeShift :: String -> String
encodeShift = map (\c -> toEnum ((fromEnum c - 97 + 5) `mod` 26 + 97))

-- HumanEval/32 tests
valueAt :: [Int] -> Double -> Double
valueAt xs x = foldr (\coefficient rest -> fromIntegral coefficient + x * rest) 0 xs

check :: Bool -> IO ()
check met = if met then return () else error "no root"

main :: IO ()
main = do
  check (abs (valueAt ARGUMENTS (CALL)) < TOLERANCE)
