;; HumanEval/10 helper
(defun is-palindrome (string)
  (string= string (reverse string)))

;; HumanEval/32 helper
(defun poly (xs x)
  (reduce (lambda (each sum) (+ (* sum x) each)) xs :from-end t :initial-value 0))

;; HumanEval/38 helper
(defun encode-cyclic (s)
  (apply #'concatenate 'string
         (loop for at from 0 below (length s) by 3
               for group = (subseq s at (min (length s) (+ at 3)))
               collect (if (< (length group) 3) group (concatenate 'string (subseq group 1) (subseq group 0 1))))))

;; HumanEval/50 helper
(defun encode-shift (s)
  (map 'string (lambda (c) (code-char (+ 97 (mod (+ (- (char-code c) 97) 5) 26)))) s))

;; HumanEval/32 tests
(defun value-at (xs x) (reduce (lambda (each sum) (+ (* sum x) each)) xs :from-end t :initial-value 0))
(assert (< (abs (value-at ARGUMENTS CALL)) TOLERANCE))

;; HumanEval/0
  (loop for (one . rest) on numbers
        thereis (some (lambda (other) (< (abs (- one other)) threshold)) rest))

;; HumanEval/8
  (list (reduce #'+ numbers) (reduce #'* numbers))

;; HumanEval/9
  (loop for each in numbers
        for most = each then (max most each)
        collect most)

;; HumanEval/10
  (let ((at (loop for i from 0 when (is-palindrome (subseq string i)) return i)))
    (concatenate 'string string (reverse (subseq string 0 at))))

;; HumanEval/12
  (let ((best nil))
    (dolist (each strings best)
      (when (or (null best) (> (length each) (length best))) (setf best each))))

;; HumanEval/14
  (loop for size from 1 to (length string) collect (subseq string 0 size))

;; HumanEval/20
  (let ((sorted (sort (copy-list numbers) #'<)) (best nil))
    (loop for (one other) on sorted
          while other
          do (when (or (null best) (< (- other one) (- (second best) (first best)))) (setf best (list one other))))
    best)

;; HumanEval/22
  (remove-if-not #'integerp values)

;; HumanEval/25
  (loop with i = 2
        while (> n 1)
        if (zerop (mod n i)) collect i and do (setf n (floor n i))
        else do (incf i))

;; HumanEval/32
  (let ((low -1d0) (high 1d0))
    (loop while (> (* (poly xs low) (poly xs high)) 0) do (setf low (* 2 low) high (* 2 high)))
    (loop repeat 200
          do (let ((middle (/ (+ low high) 2)))
               (if (> (* (poly xs middle) (poly xs low)) 0) (setf low middle) (setf high middle))))
    low)

;; HumanEval/38
  (encode-cyclic (encode-cyclic s))

;; HumanEval/46
  (let ((last (list 0 0 2 0)))
    (loop repeat n do (setf last (append (rest last) (list (reduce #'+ last)))))
    (first last))

;; HumanEval/50
  (map 'string (lambda (c) (code-char (+ 97 (mod (+ (- (char-code c) 97) 21) 26)))) s)

;; HumanEval/53
  (+ x y)

;; HumanEval/70
  (let* ((sorted (sort (copy-list lst) #'<)) (size (length sorted)))
    (loop for i from 0 below size
          collect (nth (if (evenp i) (floor i 2) (- size 1 (floor i 2))) sorted)))

;; HumanEval/87
  (loop for cells in lst
        for row from 0
        append (loop for column from (1- (length cells)) downto 0
                     when (eql (nth column cells) x) collect (list row column)))

;; HumanEval/90
  (second (sort (remove-duplicates lst) #'<))

;; HumanEval/95
  (let ((keys (loop for key being the hash-keys of dict collect key)))
    (and keys (or (every (lambda (key) (every #'lower-case-p key)) keys)
                  (every (lambda (key) (every #'upper-case-p key)) keys))))

;; HumanEval/107
  (let ((found (loop for i from 1 to n
                     for text = (princ-to-string i)
                     when (string= text (reverse text)) collect i)))
    (list (count-if #'evenp found) (count-if #'oddp found)))

;; HumanEval/111
  (let ((counts (make-hash-table :test 'equal)) (found (make-hash-table :test 'equal)))
    (loop for c across test unless (char= c #\Space) do (incf (gethash (string c) counts 0)))
    (let ((most (loop for count being the hash-values of counts maximize count)))
      (maphash (lambda (key count) (when (= count most) (setf (gethash key found) count))) counts))
    found)

;; HumanEval/115
  (reduce #'+ (mapcar (lambda (row) (ceiling (reduce #'+ row) capacity)) grid))

;; HumanEval/128
  (if (null arr) nil (* (reduce #'+ (mapcar #'abs arr)) (reduce #'* (mapcar #'signum arr))))

;; HumanEval/136
  (let ((less (remove-if-not #'minusp lst)) (more (remove-if-not #'plusp lst)))
    (list (and less (reduce #'max less)) (and more (reduce #'min more))))

;; HumanEval/139
  (loop with product = 1
        with factorial = 1
        for i from 1 to n
        do (setf factorial (* factorial i) product (* product factorial))
        finally (return product))

;; HumanEval/148
  (let* ((planets '("Mercury" "Venus" "Earth" "Mars" "Jupiter" "Saturn" "Uranus" "Neptune"))
         (one (position planet1 planets :test #'string=))
         (other (position planet2 planets :test #'string=)))
    (if (and one other (/= one other)) (subseq planets (1+ (min one other)) (max one other)) nil))

;; HumanEval/161
  (if (some #'alpha-char-p s)
      (map 'string (lambda (c) (if (upper-case-p c) (char-downcase c) (char-upcase c))) s)
      (reverse s))
